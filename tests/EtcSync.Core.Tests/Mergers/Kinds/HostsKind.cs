namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/hosts</c>.</summary>
public sealed class HostsKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "hosts";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # Host addresses
        127.0.0.1  localhost
        127.0.1.1  debian
        ::1        localhost ip6-localhost ip6-loopback
        ff02::1    ip6-allnodes
        ff02::2    ip6-allrouters
        """ + "\n",
        """
        127.0.0.1	localhost.localdomain localhost

        # the servers
        10.0.0.1	gw.lan gw		# the way out
        10.0.0.2	files.lan files nfs

        # the clients
        10.0.1.1	pc01.lan pc01
        10.0.1.2	pc02.lan pc02
        fe80::1%eth0	gw-link
        10.0.0.2	backup
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 1000).Select(i =>
        (i % 50 == 0 ? $"\n# rack {i / 50}\n" : "") + $"10.{i / 250}.{i % 250}.1\tpc{i:D4}.lan pc{i:D4}\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"10.0.{random.Next(2)}.{random.Next(5)} {Pick(random, "new", "pc01", "web")}{random.Next(3)}.lan{Pick(random, "", " alias", "  # spare")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line)) return line;
        return random.Next(4) switch
        {
            0 => line + Pick(random, " extra", " extra2", "\tweb"),
            1 => line.Replace("pc0", "host0", StringComparison.Ordinal),
            2 when line.Contains(".lan ", StringComparison.Ordinal) => line.Replace(".lan ", ".net ", StringComparison.Ordinal),
            3 when !line.Contains('#', StringComparison.Ordinal) => line + Pick(random, " # moved", " # old"),
            _ => line + " more",
        };
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : Key(line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private static string Key(string[] words) => words[0] is "127.0.0.1" or "::1" ? $"{words[0]} {words[1]}" : words[0];
}
