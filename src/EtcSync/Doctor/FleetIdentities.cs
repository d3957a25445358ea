using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Doctor;
using EtcSync.FileSystem;
using EtcSync.Fleet;

namespace EtcSync.Doctor;

/// <summary>What all clients are known by, and upstream.</summary>
/// <param name="Digests">Machine-ids of clients, and SSH host keys.</param>
/// <param name="Unreadable">What could not be looked at: sentences.</param>
internal sealed record FleetIdentities(ImmutableArray<IdentityDigest> Digests, ImmutableArray<string> Unreadable)
{
    private const string Upstream = "upstream";

    /// <summary>Reads them. Upstream's machine-id is left out: what clients make of it, policy says.</summary>
    public static FleetIdentities Read(Workspace workspace)
    {
        var digests = ImmutableArray.CreateBuilder<IdentityDigest>();
        var unreadable = ImmutableArray.CreateBuilder<string>();
        foreach (var client in workspace.Configuration.Inventory.Clients.Select(client => client.Name))
        {
            if (Of(workspace.CloneOf(client)) is not { } live) continue;
            if (live.MachineId is { } id) digests.Add(new(client.Value, id.Key, id.Value));
            digests.AddRange(Keys(client.Value, live));
            unreadable.AddRange(live.Unreadable.Select(file => $"{file.Path} of {client} {file.Why}"));
        }

        if (Of(workspace.UpstreamDirectory) is { } upstream) digests.AddRange(Keys(Upstream, upstream));
        return new(digests.ToImmutable(), unreadable.ToImmutable());
    }

    private static LiveIdentity? Of(string directory)
    {
        if (DirectoryDescriptor.OpenRoot(directory, out var top) != OpenOutcome.Opened) return null;
        using (top) return LiveIdentity.Read(top!);
    }

    private static IEnumerable<IdentityDigest> Keys(string owner, LiveIdentity live) => live.HostKeys.Select(key => new IdentityDigest(owner, $"ssh/{key.Key}", key.Value));
}
