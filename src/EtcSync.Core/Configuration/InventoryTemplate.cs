namespace EtcSync.Core.Configuration;

/// <summary>The inventory that <c>etcsync init</c> writes.</summary>
public static class InventoryTemplate
{
    /// <summary>A valid inventory without clients that explains itself.</summary>
    public static string Render() => """
        # EtcSync: the clients.
        #
        # Edit this file, or use 'etcsync client add' and 'etcsync client remove', which keep your comments.
        # Names, MAC addresses and IP addresses are unique. A name holds a-z, 0-9 and '-', at most 63 of them (RFC 1123).
        #
        #   - name: pc01                       # its host name; its clone is at 'clones' of etcsync.yaml
        #     mac: 52:54:00:12:34:56           # or a list, for a client with several network cards
        #     ip: 192.168.1.101                # leave it out where DHCP gives it one
        #     groups: [lab, kiosk]             # layers group/lab and group/kiosk are merged in this order
        #     rollout: schedule                # at-once, schedule or manual; left out: what the policies say
        #     cron: "0 30 3 * * ?"             # with schedule: second minute hour day-of-month month day-of-week
        #     time-zone: Europe/Berlin         # with schedule; left out: the server's
        #     identity: {hostname: keep}       # differs from 'identity' in etcsync.yaml: machine-id, ssh-host-keys, hostname
        version: 1

        clients:

        """;
}
