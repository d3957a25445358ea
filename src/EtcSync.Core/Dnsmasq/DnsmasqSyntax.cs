using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Server;

namespace EtcSync.Core.Dnsmasq;

/// <summary>
/// The syntax of dnsmasq's files (dnsmasq(8), "CONFIG FILE"; what it leaves open is as dnsmasq 2.90 does it): an option a line,
/// <c>name</c> or <c>name=value</c>; comments begin with <c>#</c> at the start or after white space; in double quotes, commas,
/// colons and <c>#</c> mean only themselves, and <c>\\ \" \t \n \e \b \r</c> are escapes. No line is continued on the next. A block of ours is passed over.
/// </summary>
internal static class DnsmasqSyntax
{
    // dnsmasq reads a line into a buffer of this size, less one; the rest of a longer line is another line to it.
    private const int LongestLine = 1024;

    private static readonly char[] Spaces = [' '];

    /// <summary>The lines of a file of options that say something.</summary>
    public static ImmutableArray<DnsmasqLine> Options(ForeignFile file) => Parse(file, Option);

    /// <summary>The lines of a list, such as a dhcp-hostsfile, that say something.</summary>
    public static ImmutableArray<DnsmasqLine> List(ForeignFile file) =>
        Parse(file, static (name, number, text, problem) => new(name, number, "", true, Words(text), problem));

    private static ImmutableArray<DnsmasqLine> Parse(ForeignFile file, Func<string, int, string, string?, DnsmasqLine> line)
    {
        var lines = ImmutableArray.CreateBuilder<DnsmasqLine>();
        var number = 0;
        foreach (var raw in FileLines.Split(MarkedBlock.Blank(file.Text)))
        {
            number++;
            var text = Decode(raw, out var problem);
            if (text.Length > 0 || problem is not null) lines.Add(line(file.Path, number, text, problem));
        }

        return lines.ToImmutable();
    }

    private static DnsmasqLine Option(string file, int number, string text, string? problem)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new(file, number, text, false, [], problem)
            : new(file, number, text[..equals].TrimEnd(' ', '='), true, Words(text[(equals + 1)..].TrimStart(' ')), problem);
    }

    private static ImmutableArray<DnsmasqWord> Words(string value) => [.. value.Split(',').Select(word => new DnsmasqWord(word.Trim(Spaces)))];

    // What dnsmasq makes of a line before it looks at what it says: quoted characters hidden, the comment gone, white space to blanks.
    private static string Decode(string raw, out string? problem)
    {
        problem = raw.Length > LongestLine ? $"The line is longer than {LongestLine} bytes: dnsmasq reads the rest as a line of its own." : null;
        if (!raw.AsSpan().ContainsAny('"', '#', '\0')) return raw.AsSpan().ContainsAnyInRange('\t', '\r') ? Blanks(raw) : raw.Trim(Spaces);
        var text = new StringBuilder(raw.Length);
        var isAfterSpace = true;
        for (var i = 0; i < raw.Length && raw[i] != '\0'; i++)
        {
            if (raw[i] == '"')
            {
                i = Quoted(raw, i + 1, text);
                if (i >= raw.Length || raw[i] == '\0')
                {
                    problem ??= "A quote is opened and not closed.";
                    break;
                }

                // What stands directly behind the closing quote is taken as it is, even another quote.
                if (++i >= raw.Length || raw[i] == '\0') break;
            }

            var isSpace = raw[i] is ' ' or (>= '\t' and <= '\r');
            if (!isSpace && isAfterSpace && raw[i] == '#') break;
            isAfterSpace = isSpace;
            text.Append(isSpace ? ' ' : raw[i]);
        }

        return text.ToString().Trim(Spaces);
    }

    // Reads up to the closing quote and returns where it is.
    private static int Quoted(string raw, int at, StringBuilder text)
    {
        for (; at < raw.Length && raw[at] is not ('"' or '\0'); at++)
        {
            if (raw[at] == '\\' && at + 1 < raw.Length && "\"tnebr\\".Contains(raw[at + 1], StringComparison.Ordinal))
            {
                at++;
                text.Append(DnsmasqWord.Hide(raw[at] switch { 't' => '\t', 'n' => '\n', 'b' => '\b', 'r' => '\r', 'e' => '\u001b', var c => c }));
            }
            else
            {
                text.Append(DnsmasqWord.Hide(raw[at]));
            }
        }

        return at;
    }

    private static string Blanks(string raw) => string.Create(raw.Length, raw, static (text, raw) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = raw[i] is >= '\t' and <= '\r' ? ' ' : raw[i];
    }).Trim(Spaces);
}
