namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/networks</c>.</summary>
public sealed class NetworksKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "networks";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # symbolic names for networks
        default		0.0.0.0
        loopback	127.0.0.0
        link-local	169.254.0.0
        """ + "\n",
        """
        lan 10.0.0.0 office
        lab 10.7.0.0

        storage 10.8.0.0
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 100).Select(i => $"net{i}\t10.{i}.0.0\tname{i}\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "extra", "lan", "lab")}{random.Next(2)} 10.{random.Next(3)}.0.0";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line)) return line;
        return random.Next(2) == 0 && !line.Contains('#', StringComparison.Ordinal) ? line + Pick(random, " first", " second", "\tthird") : line.Replace("10.", Pick(random, "11.", "12."), StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)[0];
}
