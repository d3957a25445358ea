namespace EtcSync.Core.Tests.Ignore;

/// <summary>The ignore file that etckeeper writes on a Debian machine.</summary>
internal static class EtckeeperIgnore
{
    public const string Content = """
        # begin section managed by etckeeper (do not edit this section by hand)

        # new and old versions of conffiles, stored by dpkg
        *.dpkg-*
        # new and old versions of conffiles, stored by ucf
        *.ucf-*

        # old versions of files
        *.old

        # mount(8) records system state here, no need to store these
        blkid.tab
        blkid.tab.old

        # some other files in /etc that typically do not need to be tracked
        nologin
        ld.so.cache
        prelink.cache
        mtab
        mtab.fuselock
        .pwd.lock
        *.LOCK
        network/run
        adjtime
        udev/hwdb.bin
        lvm/cache
        lvm/archive
        X11/xdm/authdir/authfiles/*
        ntp.conf.dhcp
        .initctl
        webmin/fsdump/*.status
        webmin/webmin/oscache
        apparmor.d/cache/*
        service/*/supervise/*
        service/*/log/supervise/*
        sv/*/supervise/*
        sv/*/log/supervise/*
        *.elc
        *.pyc
        *.pyo
        init.d/.depend.*
        openvpn/openvpn-status.log
        cups/subscriptions.conf
        cups/subscriptions.conf.O
        fake-hwclock.data
        check_mk/logwatch.state

        # editor temp files
        *~
        .*.sw?
        .sw?
        \#*\#
        DEADJOE

        # end section managed by etckeeper

        """;

    /// <summary>Paths that it ignores, paths like them that it does not, and ordinary ones.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "passwd", "passwd-", "fstab.dpkg-old", "a/b.dpkg-dist", "x.dpkg", "grub.ucf-dist", "foo.old", "old", ".old", "blkid.tab", "sub/blkid.tab", "nologin",
        "ld.so.cache", "ld.so.cached", "mtab", "x.LOCK", "x.lock", "network/run", "network/run/ifstate", "other/network/run", "udev/hwdb.bin", "lvm/cache/x", "lvm/archive",
        "X11/xdm/authdir/authfiles/A", "X11/xdm/authdir/authfiles", "webmin/fsdump/1.status", "webmin/fsdump/a/1.status", "apparmor.d/cache/usr.bin.man", "apparmor.d/cache",
        "service/getty/supervise/pid", "service/getty/log/supervise/pid", "sv/a/supervise/b/c", "sv/a/b/supervise/c", "init.d/.depend.start", "init.d/depend.start",
        "emacs/site.elc", "x.pyc", "cups/subscriptions.conf", "cups/subscriptions.conf.O", "cups/subscriptions.conf.N", "fake-hwclock.data", "a~", "~", ".a.swp", ".swp", "a.swp",
        "#x#", "#x", "DEADJOE", "dir/DEADJOE", "systemd/system/multi-user.target.wants/ssh.service", "ssh/sshd_config.d/10-local.conf",
    ];
}
