namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/sysctl.conf</c> and files below <c>/etc/sysctl.d</c>.</summary>
public sealed class SysctlKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "sysctl";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # Kernel parameters
        ; in two ways of commenting
        kernel.printk = 3 4 1 3
        net.ipv4.conf.all.rp_filter=1
        -net.ipv4.conf.eth0/7.rp_filter = 0
        net/ipv6/conf/all/forwarding = 1
        #vm.swappiness = 60
        """ + "\n",
        """
        vm.swappiness=10
        fs.inotify.max_user_watches = 524288

        net.ipv4.conf.*.send_redirects = 0
        -net.ipv4.conf.lo.send_redirects
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 150).Select(i => $"# parameter {i}\nnet.ipv4.conf.eth{i}.rp_filter = 1\n"));

    /// <inheritdoc/>
    public override bool Ordered => true;

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "vm.swappiness", "vm/overcommit_memory", "-kernel.sysrq", "kernel.printk")}{Pick(random, "=", " = ")}{random.Next(3)}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line, "#;") || !line.Contains('=', StringComparison.Ordinal)) return line;
        return line[..(line.IndexOf('=', StringComparison.Ordinal) + 1)] + Pick(random, " 11", " 12", "13");
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line, "#;") ? null : line.Split('=')[0].Trim().TrimStart('-') is var name && name.Contains("eth0/7", StringComparison.Ordinal) ? name : name.Replace('/', '.');
}
