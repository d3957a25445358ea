namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/protocols</c>.</summary>
public sealed class ProtocolsKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "protocols";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # Internet (IP) protocols
        ip	0	IP		# internet protocol, pseudo protocol number
        icmp	1	ICMP		# internet control message protocol
        #igmp	2	IGMP
        tcp	6	TCP
        udp	17	UDP		# user datagram protocol
        """ + "\n",
        """
        hopopt 0 HOPOPT
        gre 47 GRE

        rdp 27
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 140).Select(i => $"proto{i}\t{i}\tPROTO{i}\t\t# protocol number {i}\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "extra", "tcp", "local")}{random.Next(2)} {250 + random.Next(3)}{Pick(random, "", " LOCAL", "\t# ours")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line)) return line;
        return random.Next(2) == 0 && !line.Contains('#', StringComparison.Ordinal) ? line + Pick(random, " first", " second", "\tthird") : line.Replace("7", Pick(random, "77", "78"), StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)[0];
}
