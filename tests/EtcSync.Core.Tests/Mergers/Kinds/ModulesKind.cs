namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/modules</c> and files below <c>/etc/modules-load.d</c>.</summary>
public sealed class ModulesKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "modules";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # /etc/modules: kernel modules to load at boot time.
        #
        loop
        dm-crypt
        snd_hda_intel index=1 model=auto
        ; and a virtual one
        """ + "\n",
        """
        br_netfilter
        overlay
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 80).Select(i => $"# why {i}\nmodule_{i}\n"));

    /// <inheritdoc/>
    public override bool Ordered => true;

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "zram", "i2c-dev", "kvm_intel", "loop")}{Pick(random, "", "", " nested=1")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        return IsTrivia(line, "#;") ? line : line.Trim().Split(' ')[0] + Pick(random, " debug=1", " debug=2", "");
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line, "#;") ? null : line.Trim().Split(' ')[0].Replace('-', '_');
}
