namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/locale.gen</c>.</summary>
public sealed class LocaleGenKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "locale-gen";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # This file lists locales that you wish to have built.
        #
        #  Examples:
        #  en_US ISO-8859-1
        #
        # aa_DJ ISO-8859-1
        # aa_DJ.UTF-8 UTF-8
        # de_DE ISO-8859-1
        de_DE.UTF-8 UTF-8
        # de_DE@euro ISO-8859-15
        en_US.UTF-8 UTF-8
        """ + "\n",
        """
        #ca_ES.UTF-8 UTF-8  
        #ca_ES ISO-8859-1  
        en_GB.UTF-8 UTF-8  
        #zu_ZA ISO-8859-1  
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 500).Select(i => $"{(i % 100 == 7 ? "" : "# ")}l{(char)('a' + i % 26)}_{i}.UTF-8 UTF-8\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "", "# ", "#")}{Pick(random, "fr_FR", "xx_YY", "en_US")}.UTF-8 UTF-8";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (KeyOf(line) is null) return line;
        return line[0] == '#' ? line[1..].TrimStart(' ') : "# " + line;
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => System.Text.RegularExpressions.Regex.Match(line, @"^(?:# ?)?([a-z]\S*_\S+) +(UTF-8|ISO-\S+?) *\r?$") is { Success: true } match ? $"{match.Groups[1]} {match.Groups[2]}" : null;
}
