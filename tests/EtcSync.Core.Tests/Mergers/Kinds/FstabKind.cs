namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/fstab</c>.</summary>
public sealed class FstabKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "fstab";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # /etc/fstab: static file system information.
        #
        # <file system> <mount point>   <type>  <options>       <dump>  <pass>
        UUID=1111-2222  /               ext4    errors=remount-ro 0       1
        UUID=3333-4444  none            swap    sw              0       0

        /dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0
        """ + "\n",
        """
        server:/srv/root / nfs4 ro,relatime,vers=4.2 0 0
        server:/srv/etc-pc01	/etc	nfs4	rw,vers=4.2	0	0
        tmpfs /tmp tmpfs nosuid,nodev,size=1G
        # homes
        server:/home /home nfs4 defaults
        /home/shared /srv/shared none bind
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 60).Select(i => $"server:/srv/data{i}\t/data/{i}\tnfs4\trw,vers=4.2,_netdev,noatime\t0\t0\n"));

    /// <inheritdoc/>
    public override bool Ordered => true;

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"server:/new{random.Next(3)} /mnt/{random.Next(4)} {Pick(random, "nfs4", "ext4")} {Pick(random, "defaults", "ro,noatime", "rw,nosuid")}{Pick(random, "", " 0 0", "\t0 2")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line)) return line;
        var words = line.TrimEnd('\r').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4) return line + " ro";
        return random.Next(4) switch
        {
            0 => line.Replace(words[3], words[3] + Pick(random, ",noatime", ",nosuid", ",ro", ",rw", ",size=2G"), StringComparison.Ordinal),
            1 => line.Replace(words[3], words[3].Split(',')[0], StringComparison.Ordinal),
            2 => Pick(random, "UUID=5555", "server:/else") + line[line.IndexOfAny([' ', '\t'])..],
            _ => words.Length == 6 ? line.Replace(words[3], Pick(random, "noauto", "defaults"), StringComparison.Ordinal) : line,
        };
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries) is [var device, var place, ..] ? (place is "none" or "swap" ? device : place) : null;
}
