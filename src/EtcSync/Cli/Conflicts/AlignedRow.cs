namespace EtcSync.Cli.Conflicts;

/// <summary>A line of one version.</summary>
/// <param name="Number">Its number in the file, from 1; null where the file is not at hand, or it is no line of it.</param>
/// <param name="Text">The line without its break.</param>
/// <param name="IsOwn">Whether it is not what the other versions have there.</param>
internal sealed record VersionLine(int? Number, string Text, bool IsOwn);

/// <summary>The same place in the three versions; null for a version that has no line there.</summary>
internal sealed record AlignedRow(VersionLine? Base, VersionLine? Client, VersionLine? Upstream)
{
    private const int Lead = 20;

    /// <summary>Whether no version has anything of its own here.</summary>
    public bool IsCommon => !(Base?.IsOwn ?? false) && !(Client?.IsOwn ?? false) && !(Upstream?.IsOwn ?? false);

    /// <summary>The row with no line longer than this: what is cut off, at the end or before the first difference, is counted in its place.</summary>
    public AlignedRow Cut(int most)
    {
        var start = FirstDifference();
        start = start + Lead < most ? 0 : start - Lead;
        return new(Cut(Base, start, most), Cut(Client, start, most), Cut(Upstream, start, most));
    }

    private static VersionLine? Cut(VersionLine? line, int start, int most)
    {
        if (line is null || line.Text.Length <= most) return line;
        var text = line.Text;
        start = Boundary(text, Math.Min(start, text.Length - 1));
        var end = Boundary(text, Math.Min(text.Length, start + most));
        return line with { Text = $"{(start > 0 ? $"({Words.Count(start, "character")} …) " : "")}{text[start..end]}{(end < text.Length ? $" (… {Words.Count(text.Length - end, "character")} more)" : "")}" };
    }

    // Never in the middle of a character.
    private static int Boundary(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;

    private int FirstDifference()
    {
        string[] texts = [.. new[] { Base, Client, Upstream }.OfType<VersionLine>().Select(line => line.Text)];
        if (texts.Length < 2) return 0;
        return texts.Skip(1).Select(text => Shared(texts[0], text)).Where(shared => shared < texts.Max(text => text.Length)).DefaultIfEmpty(0).Min();
    }

    private static int Shared(string one, string other) => one.AsSpan().CommonPrefixLength(other);
}
