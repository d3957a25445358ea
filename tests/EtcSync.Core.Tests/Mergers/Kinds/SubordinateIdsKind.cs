namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/subuid</c> and <c>/etc/subgid</c>.</summary>
public sealed class SubordinateIdsKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "subids";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        alice:100000:65536
        bob:165536:65536
        carol:231072:65536
        """ + "\n",
        """
        # containers
        build:1000000:1000000
        alice:100000:65536
        alice:300000:100
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 300).Select(i => $"user{i}:{100000 + i * 65536}:65536\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "dave", "erin", "alice")}:{296608 + random.Next(3) * 65536}:65536";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        return IsTrivia(line) ? line : line.Replace(":65536", Pick(random, ":1000", ":2000"), StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.Split(':')[0];
}
