using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.Core.Text;

namespace EtcSync.Core.Inventories;

/// <summary>
/// Clients in a table: values between commas, or semicolons or tabs, perhaps in quotes (RFC 4180, but for line breaks inside quotes, which
/// no value here can have). The first line may name the columns; without that they are name, mac, ip and groups. Several values in one
/// field stand with blanks between them. Lines that begin with '#' are comments.
/// </summary>
internal static class CsvClients
{
    private static readonly char[] Separators = [',', ';', '\t'];
    private static readonly string[] Order = ["name", "mac", "ip", "groups"];

    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = "name", ["host"] = "name", ["hostname"] = "name", ["client"] = "name",
        ["mac"] = "mac", ["macs"] = "mac", ["mac-address"] = "mac", ["mac address"] = "mac",
        ["ip"] = "ip", ["ips"] = "ip", ["address"] = "ip", ["ip-address"] = "ip", ["ip address"] = "ip", ["ipv4"] = "ip", ["ipv6"] = "ip",
        ["group"] = "groups", ["groups"] = "groups",
    };

    /// <summary>Reads the table.</summary>
    public static IEnumerable<ImportedClient> Read(string file, string text, List<Problem> problems)
    {
        var lines = ByteText.Readable(text).TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var separator = Separators.FirstOrDefault(one => lines.Any(line => IsData(line) && line.Contains(one, StringComparison.Ordinal)), ',');
        string[]? columns = null;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!IsData(lines[i])) continue;
            var (line, count) = (new ImportLine(file, i + 1, problems), problems.Count);
            if (Fields(lines[i], separator, line) is not { } fields) continue;
            if (columns is null && IsHeader(fields))
            {
                if (Header(fields, line) is not { } named) yield break;
                columns = named;
                continue;
            }

            columns ??= Order;
            if (fields.Count > columns.Length && fields.Skip(columns.Length).Any(field => field.Length > 0)) line.Add($"It has {fields.Count} fields, and there are {columns.Length} columns: {string.Join(", ", columns)}.");
            var client = Client(columns, fields, line);
            if (problems.Count == count) yield return new(client, i + 1);
        }
    }

    private static Client Client(string[] columns, List<string> fields, ImportLine line)
    {
        var (name, macs) = (Values("name").ToList(), Values("mac").ToList());
        if (name.Count == 0) line.Add("It has no name.");
        if (macs.Count == 0) line.Add("It has no MAC address, and could never be told from others when it boots.");
        return new(
            name.Count == 0 ? default : line.Name(string.Join(' ', name)),
            line.Macs(macs), line.Addresses(Values("ip")), line.Groups(Values("groups")), null, IdentityOverrides.None);

        IEnumerable<string> Values(string column) =>
            fields.Take(columns.Length).Where((_, i) => columns[i] == column).SelectMany(field => field.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsData(string line) => !string.IsNullOrWhiteSpace(line) && line.TrimStart()[0] != '#';

    // A first line with a card in it is a client already.
    private static bool IsHeader(List<string> fields) => fields.Any(Columns.ContainsKey) && !fields.Any(field => MacAddress.TryParse(field.Split(' ')[0], out _, out _));

    private static string[]? Header(List<string> fields, ImportLine line)
    {
        var unknown = fields.Where(field => !Columns.ContainsKey(field)).ToList();
        foreach (var field in unknown) line.Add($"There is no column {Quoted.Text(field)}. Name them name, mac, ip and groups.");
        string[] named = [.. fields.Select(field => Columns.GetValueOrDefault(field, ""))];
        foreach (var needed in Order.Take(2).Where(column => !named.Contains(column))) line.Add($"The column '{needed}' is missing.");
        return unknown.Count == 0 && named.Contains(Order[0]) && named.Contains(Order[1]) ? named : null;
    }

    private static List<string>? Fields(string text, char separator, ImportLine line)
    {
        var fields = new List<string>();
        for (var i = 0; i <= text.Length; i++)
        {
            var field = new StringBuilder();
            while (i < text.Length && text[i] == ' ') i++;
            if (i < text.Length && text[i] == '"')
            {
                var isClosed = false;
                for (i++; i < text.Length && !isClosed; i++)
                {
                    if (text[i] != '"') field.Append(text[i]);
                    else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
                    else isClosed = true;
                }

                if (!isClosed)
                {
                    line.Add("A quote is opened and not closed on the line.");
                    return null;
                }
            }

            while (i < text.Length && text[i] != separator) field.Append(text[i++]);
            fields.Add(field.ToString().Trim());
        }

        return fields;
    }
}
