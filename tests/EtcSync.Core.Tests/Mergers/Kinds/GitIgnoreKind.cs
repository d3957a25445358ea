namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>.gitignore</c>, as etckeeper writes it.</summary>
public sealed class GitIgnoreKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "gitignore";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # begin section managed by etckeeper (do not edit this section by hand)

        # new and old versions of conffiles, stored by dpkg
        *.dpkg-*

        # mount(8) records system state here, no need to store these
        blkid.tab
        ld.so.cache
        \#*\#
        !keep.dpkg-dist
        # end section managed by etckeeper
        """ + "\n",
        """
        *.bak
        !important.bak
        /secrets/
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 100).Select(i => $"# rule {i}\n*.ext{i}\n"));

    /// <inheritdoc/>
    public override bool Ordered => true;

    /// <inheritdoc/>
    public override string NewRecord(Random random) => Pick(random, "*.log", "!keep.log", "*.tmp", "/local/", "!blkid.tab");

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        return IsTrivia(line) ? line : line.TrimEnd('\r') + Pick(random, ".old", ".orig");
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.TrimEnd('\r', ' ');
}
