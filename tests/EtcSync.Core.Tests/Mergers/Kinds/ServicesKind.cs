namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/services</c>.</summary>
public sealed class ServicesKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "services";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # Network services, Internet style

        tcpmux		1/tcp				# TCP port service multiplexer
        echo		7/tcp
        echo		7/udp
        discard		9/tcp		sink null
        http		80/tcp		www		# WorldWideWeb HTTP
        kerberos	88/tcp		kerberos5 krb5 kerberos-sec	# Kerberos v5

        # Local services
        """ + "\n",
        """
        ssh 22/tcp
        domain 53/tcp
        domain 53/udp
        bootps 67/udp
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 300).Select(i =>
        (i % 40 == 0 ? $"\n# section {i / 40}\n" : "") + $"service{i}\t{i + 1}/tcp\t\talias{i}\t# Service number {i}\nservice{i}\t{i + 1}/udp\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "local", "echo", "extra")}{random.Next(3)} {7000 + random.Next(3)}/{Pick(random, "tcp", "udp")}{Pick(random, "", " also", "\t# ours")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line)) return line;
        return random.Next(3) switch
        {
            0 => line.Replace("/", $"{random.Next(3)}/", StringComparison.Ordinal),
            1 when !line.Contains('#', StringComparison.Ordinal) => line + Pick(random, " first", " second", "\tthird"),
            _ => line.Contains('#', StringComparison.Ordinal) ? line + Pick(random, " !", " ?") : line + Pick(random, " # one", " # two"),
        };
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries) is [var name, var port, ..] ? name + port[port.IndexOf('/', StringComparison.Ordinal)..] : null;
}
