using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EtcSync.Core.Etckeeper;

namespace EtcSync.Core.Accounts;

/// <summary>
/// Names and numbers of users and groups, from the text of passwd(5) and group(5). The names in a client's .etckeeper
/// mean the accounts of that client, never the server's.
/// </summary>
public sealed class AccountNames
{
    private readonly ImmutableDictionary<string, int> _ids;
    private readonly ImmutableDictionary<int, string> _names;

    private AccountNames(ImmutableDictionary<string, int> ids, ImmutableDictionary<int, string> names) => (_ids, _names) = (ids, names);

    /// <summary>Knows root alone, who has number 0 everywhere.</summary>
    public static AccountNames RootOnly { get; } = Parse("root:x:0:"u8);

    /// <summary>
    /// Reads a passwd or group file: the name is the first field of a line and the number the third. A line that is
    /// not of this form says nothing; of two lines for one name or number the first counts, as for getpwnam(3).
    /// </summary>
    public static AccountNames Parse(ReadOnlySpan<byte> content)
    {
        var ids = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        var names = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            var fields = line.Split(':');
            // A client's passwd can say anything: what .etckeeper could not name is no name.
            if (fields.Length < 3 || fields[0].StartsWith('#') || fields[0].StartsWith('+') || !EtckeeperRecord.IsName(fields[0])) continue;
            if (!TryParseId(fields[2], out var id)) continue;
            ids.TryAdd(fields[0], id);
            names.TryAdd(id, fields[0]);
        }

        return new(ids.ToImmutable(), names.ToImmutable());
    }

    /// <summary>The number of a name. A name of digits is its own number, because etckeeper writes a number where it knows no name.</summary>
    public int? IdOf(string name)
    {
        if (_ids.TryGetValue(name, out var id)) return id;
        return TryParseId(name, out var number) ? number : null;
    }

    /// <summary>The name of a number, or the number in digits.</summary>
    public string NameOf(int id) => _names.TryGetValue(id, out var name) ? name : ((uint)id).ToString(CultureInfo.InvariantCulture);

    // 2^32-1 means "leave as it is" to chown(2), so nobody can have it.
    private static bool TryParseId(string text, out int id)
    {
        var fine = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue;
        id = unchecked((int)number);
        return fine;
    }
}
