namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary>Units, drop-ins and configuration of systemd.</summary>
public sealed class SystemdKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "systemd";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        [Unit]
        Description=OpenBSD Secure Shell server
        Documentation=man:sshd(8) man:sshd_config(5)
        After=network.target auditd.service
        ConditionPathExists=!/etc/ssh/sshd_not_to_be_run

        [Service]
        EnvironmentFile=-/etc/default/ssh
        ExecStartPre=/usr/sbin/sshd -t
        ExecStart=/usr/sbin/sshd -D $SSHD_OPTS
        ExecReload=/usr/sbin/sshd -t
        ExecReload=/bin/kill -HUP $MAINPID
        KillMode=process
        Restart=on-failure

        # who starts it
        [Install]
        WantedBy=multi-user.target
        Alias=sshd.service

        """,
        """
        #  This file is part of systemd.
        #
        # See journald.conf(5) for details.

        [Journal]
        #Storage=auto
        #Compress=yes
        #Seal=yes
        #SystemMaxUse=
        #MaxLevelStore=debug
        Audit=no

        """,
        """
        [Service]
        ExecStart=
        ExecStart=/usr/bin/foo \
            --one \
        # not this
            --two
        Environment="A=1" B=2
        Environment=C=3 \

        Nice=5
        [Unit]
        After=a.service
        After=b.service
        """,
        """
        [Match]
        Name=en*

        [Network]
        DHCP=yes
        DNS=10.0.0.1
        DNS=10.0.0.2

        [Address]
        Address=10.1.0.7/24
        Label=lan

        """,
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 20).Select(section =>
        $"[X-Section{section}]\n" + string.Concat(Enumerable.Range(0, 20).Select(key => key % 5 == 0 ? $"#Key{key}=default\n" : $"Key{key}=value {key} of {section}\n")) + "\n"));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Comments => ["# note", ";", "; changed by ops", "## caf\xe9 \xff\xfe"];

    /// <inheritdoc/>
    public override string NewRecord(Random random) => random.Next(6) switch
    {
        0 => $"Environment=V{random.Next(9)}={random.Next(3)}",
        1 => $"After={Pick(random, "x", "y", "z")}.service",
        2 => $"ExecStartPre=/bin/step{random.Next(3)}",
        3 => $"[{Pick(random, "Install", "Service", "Socket", "Address", "X-Ours")}]\nNice={random.Next(3)}",
        4 => "ExecStart=",
        _ => $"{Pick(random, "Nice", "User", "TimeoutStartSec", "Storage")}={random.Next(3)}",
    };

    /// <inheritdoc/>
    public override string Changed(string line, Random random) =>
        IsTrivia(line, "#;[") || !line.Contains('=', StringComparison.Ordinal) ? line : $"{line[..(line.IndexOf('=', StringComparison.Ordinal) + 1)]}{Pick(random, "", "/bin/true", "7", "a.service b.service")}";

    /// <inheritdoc/>
    public override IEnumerable<string?> Keys(IReadOnlyList<string> lines)
    {
        var (section, continued) = ("", default(string));
        foreach (var line in lines)
        {
            if (continued is null && IsTrivia(line, "#;"))
            {
                yield return null;
                continue;
            }

            var comment = line.Trim().Length > 0 && IsTrivia(line, "#;");
            var text = line.Trim();
            if (continued is null && text.StartsWith('[')) section = text;
            var key = continued ?? (text.StartsWith('[') ? text : $"{section} {text.Split('=')[0].Trim()}");
            yield return key;
            if (!comment) continued = !text.StartsWith('[') && (line.Length - line.TrimEnd('\\').Length) % 2 == 1 || continued is not null && (line.Length - line.TrimEnd('\\').Length) % 2 == 1 ? key : null;
        }
    }
}
