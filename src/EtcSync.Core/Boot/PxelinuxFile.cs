using System.Buffers;
using System.Collections.Immutable;
using EtcSync.Core.Server;

namespace EtcSync.Core.Boot;

/// <summary>
/// A configuration file of pxelinux (syslinux's doc/syslinux.txt and wiki, "Config"), line by line. Nothing is lost: joined again, the
/// lines are the file. Keywords are in any case; what stands before the first LABEL is for all of them.
/// </summary>
/// <param name="Lines">The lines, with their ends.</param>
public sealed record PxelinuxFile(ImmutableArray<PxelinuxLine> Lines)
{
    /// <summary>The entries, in the file's order.</summary>
    public IEnumerable<PxelinuxEntry> Entries
    {
        get
        {
            var general = Section(0);
            for (var i = 0; i < Lines.Length; i++)
            {
                if (Lines[i].Is("LABEL")) yield return Entry(i, general);
            }
        }
    }

    /// <summary>The entry that is booted where nobody chooses: the one that DEFAULT names, or the first that is marked MENU DEFAULT, or the first.</summary>
    public PxelinuxEntry? Default
    {
        get
        {
            var entries = Entries.ToList();
            var name = Lines.LastOrDefault(line => line.Is("DEFAULT"))?.Value.Split(' ', '\t')[0];
            return entries.Find(entry => string.Equals(entry.Label, name, StringComparison.OrdinalIgnoreCase)) ?? entries.Find(entry => entry.IsMenuDefault) ?? entries.FirstOrDefault();
        }
    }

    /// <summary>Reads a file; its bytes as Latin-1, so that nothing is lost. Never fails: what is not understood stays a line.</summary>
    public static PxelinuxFile Parse(string text) => new([.. FileLines.Split(text).Select(PxelinuxLine.Parse)]);

    /// <summary>The file's text.</summary>
    public override string ToString() => string.Concat(Lines.Select(line => line.Text));

    private PxelinuxEntry Entry(int label, Dictionary<string, string> general)
    {
        var own = Section(label + 1);
        string? Of(params string[] keywords) => keywords.Select(keyword => own.GetValueOrDefault(keyword)).FirstOrDefault(value => value is not null)
            ?? keywords.Select(keyword => general.GetValueOrDefault(keyword)).FirstOrDefault(value => value is not null);
        // APPEND - takes the general one away.
        var append = Of("APPEND") is { } text && text != "-" ? text : "";
        var words = append.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var initrd = Of("INITRD") ?? words.LastOrDefault(word => word.StartsWith("initrd=", StringComparison.Ordinal))?["initrd=".Length..];
        return new(
            Lines[label].Value,
            label + 1,
            Of("LINUX", "KERNEL"),
            initrd is null ? [] : [.. initrd.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            [.. words.Where(word => !word.StartsWith("initrd=", StringComparison.Ordinal))],
            own.ContainsKey("MENU DEFAULT"));
    }

    // From a line to the next LABEL; the last of several counts, as for pxelinux.
    private Dictionary<string, string> Section(int from)
    {
        var section = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = from; i < Lines.Length && !Lines[i].Is("LABEL"); i++)
        {
            if (Lines[i].Keyword.Length > 0) section[Lines[i].Keyword] = Lines[i].Value;
        }

        return section;
    }
}

/// <summary>One line.</summary>
/// <param name="Text">All of it, with its end.</param>
/// <param name="Keyword">Its keyword, as it is written; empty for a comment and an empty line. Of MENU, both words.</param>
/// <param name="Value">What stands behind it.</param>
public sealed record PxelinuxLine(string Text, string Keyword, string Value)
{
    private static readonly char[] White = [' ', '\t', '\r', '\n', '\v', '\f'];
    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(White);

    /// <summary>Whether it has this keyword.</summary>
    public bool Is(string keyword) => string.Equals(Keyword, keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a line.</summary>
    public static PxelinuxLine Parse(string text)
    {
        var rest = text.Trim(White);
        if (rest.Length == 0 || rest[0] == '#') return new(text, "", "");
        var (keyword, value) = Word(rest);
        if (!string.Equals(keyword, "MENU", StringComparison.OrdinalIgnoreCase)) return new(text, keyword, value);
        var (second, behind) = Word(value);
        return new(text, $"{keyword} {second}".TrimEnd(), behind);
    }

    private static (string First, string Behind) Word(string text)
    {
        var end = text.AsSpan().IndexOfAny(WhiteSpace);
        return end < 0 ? (text, "") : (text[..end], text[end..].Trim(White));
    }
}

/// <summary>One entry: what pxelinux loads for a label.</summary>
/// <param name="Label">The label.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Kernel">The kernel's file; null where none is named.</param>
/// <param name="Images">The initial images, in order.</param>
/// <param name="Arguments">The kernel's arguments, without initrd=.</param>
/// <param name="IsMenuDefault">Whether a menu marks it as the one to boot.</param>
public sealed record PxelinuxEntry(string Label, int Line, string? Kernel, ImmutableArray<string> Images, ImmutableArray<string> Arguments, bool IsMenuDefault);
