using System.Collections.Immutable;
using System.Net.NetworkInformation;
using System.Net;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;
using EtcSync.Core.Presence;
using EtcSync.Dnsmasq;
using EtcSync.Fleet;
using EtcSync.Server;
using EtcSync.State;

namespace EtcSync.Presence;

/// <summary>Reads what tells whether clients are up: dnsmasq's leases, the NFS server's tables, and who answers a ping.</summary>
internal sealed class PresenceReader(Workspace workspace)
{
    private static readonly TimeSpan PingLimit = TimeSpan.FromMilliseconds(700);

    private readonly ServerText _texts = new(workspace.Locations);

    /// <summary>What the tables say now; what is not there says nothing.</summary>
    public NetworkTables Tables() => new(
        LeaseFiles.Read(workspace.Locations),
        [.. ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).SelectMany(file => NetworkTables.ConnectedToNfs(_texts.Read(file) ?? ""))],
        [.. _texts.Directories("/proc/fs/nfsd/clients").Select(client => NfsTables.ReadClient(_texts.Read($"{client}/info") ?? "", states: "")?.Address).OfType<IPAddress>()],
        workspace.Time.GetUtcNow());

    /// <summary>Whether one client is up; asked of it, too, where the tables say nothing.</summary>
    public ClientPresence Of(Client client)
    {
        var presence = ClientPresence.Of(client, new FormerStore(workspace.State).Find(client.Name), Tables());
        return presence.IsUp || presence.Addresses.FirstOrDefault(Answers) is not { } answering ? presence : presence.Answered(answering);
    }

    /// <summary>Whether a machine at an address answers a ping. In a sandbox nobody is asked.</summary>
    public bool Answers(IPAddress address)
    {
        if (workspace.Locations.IsSandbox) return false;
        try
        {
            using var ping = new Ping();
            return ping.Send(address, (int)PingLimit.TotalMilliseconds).Status == IPStatus.Success;
        }
        catch (Exception e) when (e is PingException or PlatformNotSupportedException)
        {
            // No route to there, or no right to ask: nobody answers.
            return false;
        }
    }
}
