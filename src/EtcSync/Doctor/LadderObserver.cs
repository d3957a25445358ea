using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;
using EtcSync.Fleet;
using EtcSync.Presence;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>Looks how far clients have come on the boot ladder.</summary>
internal sealed class LadderObserver(Workspace workspace)
{
    private static readonly string[] SshServers = ["usr/sbin/sshd", "usr/bin/sshd", "sbin/sshd"];

    private readonly FormerStore _formers = new(workspace.State);

    /// <summary>From logs and tables alone; nobody is asked.</summary>
    public ImmutableArray<(ClientName Name, ClientLadder Ladder)> Look(IReadOnlyList<Client> clients) =>
        Look(clients, [.. clients.Select(_ => ClientProbe.None)]);

    /// <summary>The same, and the clients are asked, too. In a sandbox, whose clients are nobody's, they are not.</summary>
    public async Task<ImmutableArray<(ClientName Name, ClientLadder Ladder)>> AskAsync(IReadOnlyList<Client> clients, CancellationToken cancellation) =>
        workspace.Locations.IsSandbox ? Look(clients) : Look(clients, await ClientProber.AskAsync([.. clients.Select(AddressesOf)], cancellation));

    private ImmutableArray<(ClientName Name, ClientLadder Ladder)> Look(IReadOnlyList<Client> clients, ImmutableArray<ClientProbe> probes)
    {
        var (events, unreadable) = new BootLogReader(workspace.Locations, workspace.Time).Read();
        var root = workspace.Settings.Root;
        var ladder = new BootLadder(new(
            workspace.Time.GetUtcNow(),
            root,
            events,
            unreadable,
            new PresenceReader(workspace).Tables().Leases,
            new NfsTablesReader(workspace.Locations).Read(),
            Array.Exists(SshServers, server => File.Exists(workspace.Locations.Map($"{root}/{server}")))));
        return [.. clients.Select((client, i) => (client.Name, ladder.Of(new(client.Name, client.Macs, AddressesOf(client), workspace.Settings.Clones.PathOf(client.Name), probes[i]))))];
    }

    private ImmutableArray<IPAddress> AddressesOf(Client client) => [.. client.Addresses.Concat(_formers.Find(client.Name).Addresses).Distinct()];
}
