using System.Net;

namespace EtcSync.Core.Configuration;

/// <summary>What <c>etcsync init</c> found on the machine; null for what it could not find.</summary>
/// <param name="UpstreamDirectory">The work tree of upstream.</param>
/// <param name="Branch">The branch that is checked out there.</param>
/// <param name="Address">The server's address.</param>
/// <param name="Interface">The interface that has it.</param>
/// <param name="Network">The network that it is in there.</param>
public sealed record Discovered(string? UpstreamDirectory, string? Branch, IPAddress? Address, string? Interface, IPNetwork? Network);

/// <summary>The settings that <c>etcsync init</c> writes.</summary>
public static class SettingsTemplate
{
    /// <summary>
    /// A settings file with every key, commented. What was discovered is set; everything else stands in a comment with its default, so
    /// that a later version's better default is not overridden by a file that nobody edited.
    /// </summary>
    public static string Render(Discovered discovered)
    {
        var d = Settings.Default;
        var directory = discovered.UpstreamDirectory ?? d.Upstream.Directory;
        // Upstream is usually the etc of the shared root.
        var root = directory.EndsWith("/etc", StringComparison.Ordinal) && directory.Length > "/etc".Length ? directory[..^"/etc".Length] : d.Root;
        return $$"""
            # EtcSync: the settings.
            #
            # What stands behind '#' at the beginning of a line is the default; remove the '#' to change it.
            # Durations are written 10s, 5m, 1h, 2d; sizes 512KiB, 64MiB, 1GiB. 'etcsync plan' tells what is wrong in here, if anything.
            version: 1

            # The root file system that all clients share, read-only. No state and no clone may lie in it.
            root: {{root}}

            upstream:
              # The work tree of the etckeeper repository that is rolled out.
              directory: {{directory}}
              # The one branch that is rolled out, whatever else is checked out there later.
            {{Set("branch", discovered.Branch is { } b ? Single(b) : null, "'main'")}}

            # Where each client's /etc is. {name} stands once, in the last component.
            #clones: {{d.Clones.Text}}

            # Hub, git directories, resolutions, holds, identities. Only root may read it; it is never exported.
            #state: {{d.State}}

            server:
              # The address from which clients boot and mount, and the interface that has it.
            {{Set("address", discovered.Address?.ToString() is { } a ? $"\"{a}\"" : null, "\"192.168.1.1\"")}}
            {{Set("interface", discovered.Interface is { } i ? $"\"{i}\"" : null, "\"eth0\"")}}
              # The network that the clients are in. Addresses and networks can also be lists of one for IPv4 and one for IPv6.
            {{Set("network", discovered.Network?.ToString() is { } n ? $"\"{n}\"" : null, "\"192.168.1.0/24\"")}}

            # The NFS exports: /etc/exports.d/etcsync.exports.
            exports:
              # false: somebody else writes them.
              #manage: true
              # How clients prove who they are: sys (by their address), krb5, krb5i or krb5p.
              #security: sys
              # Whether each file handle is checked to lie below what is exported. Without it, clients can guess handles of
              # everything on the same file system; give the clones a file system of their own before you turn it off.
              #subtree-check: true
              # Further options (exports(5)) of the shared root's export, and of those of the clients' own /etc.
              #root-options: []
              #client-options: []
              # The one client that may write the shared root's boot directory, to build an initramfs on its hardware.
              #boot-builder: pc01

            # What dnsmasq gives: /etc/dnsmasq.d/etcsync.conf and the files that it names.
            dhcp:
              # false: somebody else writes it.
              #manage: true
              # The pool, for clients without 'ip:' and for machines that are not in the inventory.
              #range: 192.168.1.200-192.168.1.250
              # How long an address is given for.
              #lease: {{Durations.Format(d.Dhcp.Lease)}}
              # serve: machines that are not in the inventory get an address of the pool, and nothing to boot. ignore: nothing.
              #unknown-machines: ignore
              # The name servers and the router that clients are told. Without a value, the server itself, and none.
              #name-servers: [192.168.1.1, 9.9.9.9]
              #router: 192.168.1.254
              # What restarts dnsmasq when its configuration has changed.
              #restart-command: [{{string.Join(", ", d.Dhcp.RestartCommand)}}]

            # The names of the clients, which dnsmasq serves.
            names:
              # Whether they also stand in the server's own /etc/hosts, in a marked block.
              #etc-hosts: false
              #domain: lab.example.org

            # What clients boot: the boot loader's files in the shared root's boot directory.
            boot:
              # false: somebody else writes them.
              #manage: true
              # Without a value, what is found there.
              #kernel: vmlinuz-linux
              #initramfs: initramfs-linux.img
              # Kernel arguments beside those that mount the root and /etc.
              #arguments: quiet
              # Who boots otherwise; the first that fits counts.
              #variants: [{groups: [headless], arguments: "console=ttyS0,115200"}]

            # Drift: what a client, or a person, changed in a clone.
            drift:
              # The controller commits it once the work tree has been quiet for this long.
              #settle: {{Durations.Format(d.Drift.Settle)}}
              # How often everything is scanned, whether or not a change was seen.
              #scan-interval: {{Durations.Format(d.Drift.ScanInterval)}}
              # Drift that deletes or reverts more than this share of the paths holds the client,
              #mass-loss-percent: {{d.Drift.MassLossPercent}}
              # unless it is no more than this many paths.
              #mass-loss-floor: {{d.Drift.MassLossFloor}}
              # A file that returns to what it was before a rollout within this time is taken for a stale save of an editor.
              #stale-save-window: {{Durations.Format(d.Drift.StaleSaveWindow)}}
              # How long a replaced file is kept and looked at once more, because a program may still be writing to it.
              #keep-replaced: {{Durations.Format(d.Drift.KeepReplaced)}}

            # How much a client can make the server read. What is beyond is reported and left alone.
            limits:
              # The largest file,
              #file-size: {{ByteSizes.Format(d.Limits.FileSize)}}
              # the most files in one clone,
              #files: {{d.Limits.Files}}
              # the deepest directory,
              #depth: {{d.Limits.Depth}}
              # and the longest that one scan of one clone may take.
              #scan-time: {{Durations.Format(d.Limits.ScanTime)}}

            # How many clients are worked on at once. Without a value, eight for each processor.
            #workers: 4

            # How a new client gets an identity of its own. Policies and single clients can say otherwise.
            identity:
              # generate: each client its own; keep: upstream's.
              #machine-id: generate
              # generate: each client its own; remove: the client's first boot makes them; keep: upstream's.
              #ssh-host-keys: generate
              # write: the client's name; keep: upstream's file, for clients that get their name by DHCP.
              #hostname: write

            log:
              # debug, information, warning or error.
              #level: information
              # A file that gets the log too, besides console and journal.
              #file: /var/log/etcsync/etcsync.log

            """;
    }

    // A branch may hold '#' and quotes, and be called 'null'.
    private static string Single(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Set(string key, string? value, string example) => value is null ? $"  #{key}: {example}" : $"  {key}: {value}";
}
