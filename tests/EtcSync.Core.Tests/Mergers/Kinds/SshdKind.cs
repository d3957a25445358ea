namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary>sshd_config and its drop-ins.</summary>
public sealed class SshdKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "sshd";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # This is the sshd server system-wide configuration file.

        Include /etc/ssh/sshd_config.d/*.conf

        Port 22
        #AddressFamily any
        ListenAddress 10.0.0.7

        HostKey /etc/ssh/ssh_host_rsa_key
        HostKey /etc/ssh/ssh_host_ed25519_key

        # Authentication:

        #LoginGraceTime 2m
        #PermitRootLogin prohibit-password
        MaxAuthTries=4

        KbdInteractiveAuthentication no
        UsePAM yes
        X11Forwarding yes
        AcceptEnv LANG LC_*

        # override default of no subsystems
        Subsystem	sftp	/usr/lib/openssh/sftp-server

        # Example of overriding settings on a per-user basis
        #Match User anoncvs
        #	X11Forwarding no

        """,
        """
        PermitRootLogin no
        passwordauthentication no

        # only from here
        Match Address 10.0.0.0/8
            PasswordAuthentication yes

            # and so
            PermitRootLogin prohibit-password

        Match User backup Host *.example
            ForceCommand internal-sftp
        """,
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } =
        string.Concat(Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? $"#Keyword{i} default\n" : i % 3 == 1 ? $"Keyword{i} value {i}\n" : "\n"))
        + string.Concat(Enumerable.Range(0, 25).Select(i => $"Match User u{i}\n    X11Forwarding no\n    AllowTcpForwarding no\n\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => random.Next(6) switch
    {
        0 => $"AcceptEnv V{random.Next(4)}",
        1 => $"Port {random.Next(2200, 2203)}",
        2 => $"Match User {Pick(random, "bob", "eve")}\n    PermitTTY {Pick(random, "yes", "no")}",
        3 => $"Subsystem {Pick(random, "sftp", "net")} /bin/s{random.Next(2)}",
        _ => $"{Pick(random, "PermitRootLogin", "maxsessions", "Banner", "ClientAliveInterval")} {Pick(random, "no", "3", "30")}",
    };

    /// <inheritdoc/>
    public override string Changed(string line, Random random) => IsTrivia(line) ? line : $"{line.TrimEnd().Split(' ', '\t', '=')[0]}{(line[0] is ' ' ? line.Trim().Split(' ')[0] : "")} {Pick(random, "no", "yes", "4", "LANG")}";

    /// <inheritdoc/>
    public override IEnumerable<string?> Keys(IReadOnlyList<string> lines)
    {
        var block = default(string);
        for (var i = 0; i < lines.Count; i++)
        {
            var words = lines[i].Trim().Split([' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries);
            var keyword = words.Length > 0 ? words[0].ToLowerInvariant() : "";
            if (!IsTrivia(lines[i]) && keyword == "match") block = string.Join(' ', words);
            // Within a block all is its, down to its last directive.
            var rest = lines.Skip(i).TakeWhile(line => !line.TrimStart().StartsWith("match", StringComparison.OrdinalIgnoreCase) || line == lines[i]);
            if (block is not null) yield return rest.All(line => IsTrivia(line)) ? null : block;
            else yield return IsTrivia(lines[i]) ? null : keyword == "subsystem" ? $"{keyword} {words.ElementAtOrDefault(1)}" : keyword;
        }
    }
}
