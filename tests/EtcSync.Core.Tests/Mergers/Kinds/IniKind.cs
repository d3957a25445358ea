namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary>pacman.conf, keyfiles of NetworkManager and other files with sections.</summary>
public sealed class IniKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "ini";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        #
        # /etc/pacman.conf
        #

        # GENERAL OPTIONS
        #
        [options]
        #RootDir     = /
        HoldPkg     = pacman glibc
        Architecture = auto

        #IgnorePkg   =
        Color
        #ILoveCandy
        CheckSpace
        SigLevel    = Required DatabaseOptional

        #[core-testing]
        #Include = /etc/pacman.d/mirrorlist

        [core]
        Include = /etc/pacman.d/mirrorlist

        [extra]
        Server = http://mirror.example/extra/$arch
        Server = http://other.example/extra/$arch
        Include = /etc/pacman.d/mirrorlist

        """,
        """
        [connection]
        id=Wired
        uuid=5d2c1f5e-0000-4000-8000-000000000001
        type=ethernet

        [ipv4]
        method=manual
        address1=10.0.0.7/24,10.0.0.1
        dns=10.0.0.1;

        [ipv6]
        method=auto
        """,
        """
        top=1
        Plain

        ; first
        [a]
        x=1
        [b]
        x=2
        """,
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 20).Select(section =>
        $"[repository{section}]\n" + string.Concat(Enumerable.Range(0, 20).Select(key => key % 5 == 0 ? $"#Key{key} = default\n" : $"Key{key} = value {key} of {section}\n")) + "\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => random.Next(5) switch
    {
        0 => $"Server = http://m{random.Next(3)}.example/",
        1 => Pick(random, "ILoveCandy", "VerbosePkgLists", "Color"),
        2 => $"[{Pick(random, "multilib", "custom", "ipv4")}]\nInclude = /etc/pacman.d/list{random.Next(2)}",
        _ => $"{Pick(random, "ParallelDownloads", "dns", "id")} = {random.Next(3)}",
    };

    /// <inheritdoc/>
    public override string Changed(string line, Random random) => IsTrivia(line, "#;[") ? line : $"{line.Split('=')[0].TrimEnd()} = {random.Next(4)}";

    /// <inheritdoc/>
    public override IEnumerable<string?> Keys(IReadOnlyList<string> lines)
    {
        var section = "";
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.StartsWith('[')) section = text;
            yield return IsTrivia(line, "#;") ? null : text.StartsWith('[') ? text : $"{section} {text.Split('=')[0].Trim()}";
        }
    }
}
