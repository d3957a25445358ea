namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/rpc</c>.</summary>
public sealed class RpcKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "rpc";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        #ident	"@(#)rpc	1.11	95/07/14 SMI"
        portmapper	100000	portmap sunrpc rpcbind
        rstatd		100001	rstat rup perfmeter
        rusersd		100002	rusers
        nfs		100003	nfsprog

        ypserv		100004	ypprog
        """ + "\n",
        """
        mountd 100005 mount showmount
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 60).Select(i => $"rpc{i}\t{100000 + i}\talias{i}\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "extra", "nfs", "local")}{random.Next(2)} {200000 + random.Next(3)}{Pick(random, "", " also")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line)) return line;
        return random.Next(2) == 0 && !line.Contains('#', StringComparison.Ordinal) ? line + Pick(random, " first", " second", "\tthird") : line.Replace("1000", Pick(random, "1007", "1008"), StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)[0];
}
