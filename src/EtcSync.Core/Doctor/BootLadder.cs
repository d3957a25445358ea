using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Core.Doctor;

/// <summary>
/// Says how far clients have come, from what servers logged and what they know now. A newer boot starts the ladder anew; what the
/// kernel and the client itself say at this moment counts for more than any log.
/// </summary>
public sealed class BootLadder
{
    // How long a client may be silent between two steps: a machine loads its kernel in seconds, old firmware in minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // A boot that began longer ago than this is over, one way or the other; what is silent since then is most likely switched off.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(30);

    // After the tables were emptied, a running machine is in them again as soon as it looks into its /etc, which it does all the time.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(30);

    private readonly LadderObservation _observation;
    private readonly ILookup<MacAddress, BootEvent> _byMac;
    private readonly ILookup<IPAddress, BootEvent> _byAddress;
    private readonly ILookup<MacAddress, DhcpLease> _leasesByMac;
    private readonly ILookup<IPAddress, DhcpLease> _leasesByAddress;
    private readonly Dictionary<BootEvent, int> _order = new(ReferenceEqualityComparer.Instance);

    /// <summary>Prepares for many clients.</summary>
    public BootLadder(LadderObservation observation)
    {
        _observation = observation;
        for (var i = 0; i < observation.Events.Length; i++) _order[observation.Events[i]] = i;
        _byMac = observation.Events.Where(one => MacOf(one) is not null).ToLookup(one => MacOf(one)!.Value);
        _byAddress = observation.Events.Where(one => AddressOf(one) is not null).ToLookup(one => AddressOf(one)!);
        _leasesByMac = observation.Leases.Where(lease => lease.Mac is not null).ToLookup(lease => lease.Mac!.Value);
        _leasesByAddress = observation.Leases.ToLookup(lease => lease.Address);
    }

    /// <summary>Where a client is.</summary>
    public ClientLadder Of(LadderClient client)
    {
        var boot = BootProgress.Of(Events(client), _observation.Root, client.Directory);
        var leased = client.Macs.SelectMany(mac => _leasesByMac[mac]).Concat(client.Addresses.SelectMany(address => _leasesByAddress[address].Where(lease => lease.Mac is null)))
            .Where(lease => lease.Holds(_observation.Now)).ToList();
        // An address that it was given beside its own is still its address.
        var addresses = client.Addresses.Concat(leased.Select(lease => lease.Address)).Distinct().ToList();
        var nfs = _observation.Nfs;
        var isConnected = addresses.Exists(nfs.IsConnected);
        var usesRoot = isConnected && (addresses.Exists(address => nfs.IsUsing(address, _observation.Root)) || boot.Mounted(_observation.Root));
        var hasOpen = addresses.Exists(address => nfs.HasOpenIn(address, client.Directory[(client.Directory.LastIndexOf('/') + 1)..]));
        // The tables may still tell of the boot before; mountd's log, where there is one, tells of this one.
        var usesEtc = isConnected && (hasOpen || boot.Mounted(client.Directory) || (!boot.Mounted(_observation.Root) && addresses.Exists(address => nfs.IsUsing(address, client.Directory))));
        var answers = client.Probe.Ping == ProbeResult.Answered || client.Probe.Ssh is ProbeResult.Answered or ProbeResult.Closed;
        var seen = isConnected || answers ? _observation.Now : boot.LastSeen;
        ClientLadder At(Rung rung, LadderVerdict verdict, string message) => new(rung, verdict, seen, message);

        if (usesEtc) return Mounted(client.Probe, At);
        if (usesRoot)
        {
            if (!boot.Mounted(_observation.Root) && nfs.Flushed > _observation.Now - Settling)
                return At(Rung.Root, LadderVerdict.Unknown, "It uses the shared root. Whether it uses its own /etc cannot be told yet: the NFS server's tables were emptied a moment ago, when the exports were changed. Look again in ten minutes.");
            return At(Rung.Root, LadderVerdict.OnUpstream,
                $"It mounted the shared root and not its own /etc ({client.Directory}): it is running on upstream's /etc, with upstream's names, keys and passwords, and what is changed there reaches nobody. Look at its console for what the initramfs said about /etc, check that {client.Directory} is exported to it ('etcsync server show') and that its initramfs has the hook ('etcsync boot show'), and boot it again.");
        }

        if (isConnected) return At(Later(boot.Reached, Rung.Root), LadderVerdict.Unknown, "It has something mounted from this server; what that is, the NFS server does not tell.");
        if (answers) return Answering(client, boot, leased.Count > 0, At);
        return Silent(boot, leased.Count > 0, At);
    }

    private ClientLadder Mounted(ClientProbe probe, Func<Rung, LadderVerdict, string, ClientLadder> at) => (probe.Ping, probe.Ssh) switch
    {
        (ProbeResult.NotAsked, ProbeResult.NotAsked) => at(Rung.Etc, LadderVerdict.Up, "It runs on its own /etc."),
        (_, ProbeResult.Answered) => at(Rung.Ssh, LadderVerdict.Up, "It runs on its own /etc, and its ssh port is open."),
        (ProbeResult.Silent, ProbeResult.Silent) => at(Rung.Etc, LadderVerdict.Stopped, "It mounted its own /etc, and it does not answer a ping: it hangs, its network is gone, or its firewall drops pings. Look at its console."),
        (_, ProbeResult.NotAsked) => at(Rung.Ping, LadderVerdict.Up, "It runs on its own /etc and answers a ping."),
        _ when !_observation.HasSsh => at(Rung.Ping, LadderVerdict.Up, "It runs on its own /etc and answers a ping. The shared root has no ssh server."),
        (_, ProbeResult.Closed) => at(Rung.Ping, LadderVerdict.Stopped, "It runs on its own /etc and answers a ping, and nobody listens on its ssh port: sshd is not enabled, or it failed. 'systemctl status ssh sshd' on it says which."),
        _ => at(Rung.Ping, LadderVerdict.Stopped, "It runs on its own /etc and answers a ping, and its ssh port does not answer: a firewall drops the connection, or the machine hangs. Look at its console."),
    };

    private ClientLadder Answering(LadderClient client, BootProgress boot, bool hasLease, Func<Rung, LadderVerdict, string, ClientLadder> at)
    {
        if (_observation.Nfs.Unreadable is { } reason) return at(client.Probe.Ssh == ProbeResult.Answered ? Rung.Ssh : Rung.Ping, LadderVerdict.Unknown, $"It answers; what it has mounted cannot be seen: {reason}");
        var rung = Later(boot.Reached, hasLease ? Rung.Lease : Rung.None);
        if (IsUnderWay(boot)) return at(rung, LadderVerdict.Booting, $"It is booting: {Words(rung)}.");
        return at(rung, LadderVerdict.Stopped,
            "It answers, and it has nothing mounted from this server: it stopped in its initramfs, or it booted from elsewhere (its own disk, another server). Look at its console; the order of its boot devices must begin with the network.");
    }

    private ClientLadder Silent(BootProgress boot, bool hasLease, Func<Rung, LadderVerdict, string, ClientLadder> at)
    {
        if (boot.Trouble is { } trouble && IsRecent(boot.LastSeen)) return at(boot.Reached, LadderVerdict.Stopped, trouble);
        if (boot.Reached == Rung.None)
        {
            // Without a log, a machine that boots at this moment looks like one that was switched off hours ago.
            if (hasLease && _observation.LogUnreadable is { } unknown) return at(Rung.Lease, LadderVerdict.Unknown, $"It has a lease. When it was given, and how far it came since, cannot be told: {unknown}");
            if (hasLease) return at(Rung.Lease, LadderVerdict.Off, "It was given an address some time ago; nothing was seen of it since. It is most likely switched off.");
            return _observation.LogUnreadable is { } reason
                ? at(Rung.None, LadderVerdict.Unknown, $"Nothing is known of it: {reason}")
                : at(Rung.None, LadderVerdict.Off, "It never asked for an address, as far as the log goes: it is switched off, it does not boot from the network, or the inventory has another MAC address than it. 'etcsync discover' lists the machines that asked and are not in the inventory.");
        }

        if (IsUnderWay(boot)) return at(boot.Reached, LadderVerdict.Booting, $"It is booting: {Words(boot.Reached)}.");
        if (boot.Reached >= Rung.Etc) return at(boot.Reached, LadderVerdict.Off, "It was up, and nothing is heard of it now: it is most likely switched off.");
        if (!IsRecent(boot.ReachedAt)) return at(boot.Reached, LadderVerdict.Off, $"Nothing is heard of it now. When it was last seen, {Words(boot.Reached)}; it was switched off since then, or it stopped there.");
        if (_observation.Nfs.Unreadable is { } unreadable && boot.Reached >= Rung.Kernel) return at(boot.Reached, LadderVerdict.Unknown, $"Last, {Words(boot.Reached)}; what it has mounted cannot be seen: {unreadable}");
        return at(boot.Reached, LadderVerdict.Stopped, $"It stopped: {Words(boot.Reached)}, and nothing after that. {Unreadable(boot) ?? Advice(boot.Reached)}");
    }

    // dnsmasq does not say who asked for what it may not read; right after a client's last step it was most likely that client.
    private string? Unreadable(BootProgress boot) =>
        boot.LastSeen is { } last && _observation.Events.OfType<BootEvent.Unreadable>().FirstOrDefault(one => one.At >= last && one.At - last <= Moment) is { } asked
            ? $"At that time dnsmasq could not read {asked.Path} ({asked.Reason}): everybody must be able to read what is fetched by TFTP ('chmod a+r')."
            : null;

    private bool IsUnderWay(BootProgress boot) => boot.ReachedAt is { } last && _observation.Now - last <= Patience && boot.Reached < Rung.Etc;

    // A machine that is up asks for its address again and again: that is no boot.
    private bool IsRecent(DateTimeOffset? time) => time is null || _observation.Now - time <= Recent;

    private static Rung Later(Rung one, Rung other) => one > other ? one : other;

    private static string Words(Rung rung) => rung switch
    {
        Rung.Lease => "it was given an address",
        Rung.BootLoader => "it fetched the boot loader",
        Rung.Kernel => "it fetched kernel and initramfs",
        Rung.Root => "it mounted the shared root",
        Rung.Etc => "it mounted its own /etc",
        _ => "it asked for an address",
    };

    private static string Advice(Rung rung) => rung switch
    {
        Rung.Lease => "The boot loader was not fetched: its firmware does not boot from the network, it was given no boot file for its architecture, or TFTP (UDP port 69) does not reach this server.",
        Rung.BootLoader => "Kernel and initramfs were not fetched, or not both: look at its console for what the boot loader says, and check that the files which pxelinux.cfg names exist and everybody may read them.",
        Rung.Kernel => "The root was not mounted: look at its console for what the initramfs says. It must have the driver of the network card and NFS, and NFS (TCP port 2049) must reach this server.",
        Rung.Root => "Its own /etc was not mounted: look at its console for what the initramfs says about /etc, and check that it is exported to this address ('etcsync server show').",
        _ => "Look at its console.",
    };

    private IEnumerable<BootEvent> Events(LadderClient client)
    {
        var own = client.Macs.SelectMany(mac => _byMac[mac]).ToList();
        // An address may have been somebody else's: what was done from one counts only while it was this client's.
        var addresses = client.Addresses.Concat(own.OfType<BootEvent.Given>().Select(given => given.Address)).Distinct();
        return own.Concat(addresses.SelectMany(address => ByAddress(client, address))).Distinct(ReferenceEqualityComparer.Instance).Cast<BootEvent>().OrderBy(one => _order[one]);
    }

    private IEnumerable<BootEvent> ByAddress(LadderClient client, IPAddress address)
    {
        var isOurs = client.Addresses.Contains(address);
        foreach (var one in _byAddress[address])
        {
            if (one is BootEvent.Given { Mac: { } mac }) isOurs = client.Macs.Contains(mac);
            if (isOurs) yield return one;
        }
    }

    private static MacAddress? MacOf(BootEvent one) => one switch
    {
        BootEvent.Asked asked => asked.Mac,
        BootEvent.Given given => given.Mac,
        BootEvent.Refused refused => refused.Mac,
        _ => null,
    };

    private static IPAddress? AddressOf(BootEvent one) => one switch
    {
        BootEvent.Given given => given.Address,
        BootEvent.Fetched fetched => fetched.Address,
        BootEvent.NotFound missing => missing.Address,
        BootEvent.Aborted aborted => aborted.Address,
        BootEvent.Mounted mounted => mounted.Address,
        _ => null,
    };
}
