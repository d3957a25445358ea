using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;
using EtcSync.Core.Server;
using EtcSync.Dnsmasq;
using EtcSync.Fleet;
using EtcSync.Server;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>Looks at everything that the doctor judges; writes nothing. In a sandbox nothing of the machine is asked.</summary>
internal sealed class DoctorObserver(Workspace workspace)
{
    private const int TftpPort = 69;
    private static readonly string[] PackageDatabases = ["var/lib/pacman/local", "var/lib/dpkg/status"];

    /// <summary>Looks at the server, and at these clients.</summary>
    public async Task<DoctorObservation> ObserveAsync(IReadOnlyList<Client> clients, CancellationToken cancellation)
    {
        var server = ServerObserver.Observe(workspace);
        var plan = ServerPlanner.Plan(server, ServerParts.Files);
        var isAsked = !workspace.Locations.IsSandbox && !server.Installed.IsEmpty;
        // Servers take their time to answer; the rest is looked at meanwhile.
        var others = isAsked && workspace.Settings.Dhcp.Manage ? Task.Run(() => new DnsmasqService(workspace).OtherServers().ToList(), cancellation) : Task.FromResult<List<ServerFinding>>([]);
        var (digests, unreadable) = FleetIdentities.Read(workspace);
        var observation = new DoctorObservation
        {
            Server = server,
            Plan = plan,
            ReadBack = isAsked ? [.. ServerParts.Services(workspace).SelectMany(service => service.ReadBack(plan, server, cancellation))] : null,
            Warnings = [.. workspace.Configuration.Warnings.Select(warning => warning.ToString())],
            Tftp = isAsked ? Tftp(server, plan, cancellation) : null,
            Ladders = await new LadderObserver(workspace).AskAsync(clients, cancellation),
            Exposures = new SecretFinder(workspace.Locations, workspace.Settings).Find(),
            Identities = digests,
            UnreadableIdentities = unreadable,
            Held = [.. Held()],
            PackagesChanged = PackagesChanged(),
            Acknowledged = new AcknowledgementStore(workspace.State).Read(),
        };
        var found = await others;
        return observation with { ReadBack = observation.ReadBack?.AddRange(found) };
    }

    private ImmutableArray<TftpCheck>? Tftp(ServerObservation server, ServerPlan plan, CancellationToken cancellation) =>
        workspace.Settings.Dhcp.Manage && workspace.Settings.Server.Address is { } address
            ? new BootFileFetch(workspace.Locations, new IPEndPoint(address, TftpPort)).Fetch(server.Boot, BootFileFetch.NamesOf(server, plan), cancellation)
            : null;

    private IEnumerable<HeldClient> Held()
    {
        var holds = new HoldStore(workspace.State);
        foreach (var client in workspace.Configuration.Inventory.Clients)
        {
            if (holds.Find(client.Name) is { } hold) yield return new(client.Name, hold.Since, hold.By);
        }
    }

    // pacman makes a directory for each version of a package, dpkg writes one file anew.
    private DateTimeOffset? PackagesChanged()
    {
        var found = PackageDatabases.Select(database => workspace.Locations.Map($"{workspace.Settings.Root}/{database}")).Where(Path.Exists).ToList();
        return found.Count == 0 ? null : found.Max(path => new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
    }
}
