using System.Collections.Immutable;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;
using EtcSync.Fleet;
using EtcSync.Server;

namespace EtcSync.Adoption;

/// <summary>Leaves the server's files, or the entries of some clients, to the administrator.</summary>
internal sealed class ServerRelease(Workspace workspace)
{
    private const string Program = "etcsync release";

    private readonly InstalledStore _installed = new(new(workspace.State));

    /// <summary>What becomes of the files when everything is left.</summary>
    public ImmutableArray<ReleasedFile> PlanAll() => ReleasedFiles.All(_installed.Read(), Current);

    /// <summary>What is added to hand-written files when some clients are left.</summary>
    public ImmutableArray<ReleasedFile> Plan(IReadOnlyCollection<Client> clients) => ReleasedFiles.Some(clients, workspace.Settings, _installed.Read(), Current);

    /// <summary>Leaves everything: from now on nothing of it is known to be EtcSync's.</summary>
    public void ApplyAll(ImmutableArray<ReleasedFile> files, CancellationToken cancellation)
    {
        using var held = ServerLock.Take(workspace, Program, cancellation);
        Put(files);
        var installed = _installed.Read();
        if (!installed.IsEmpty) _installed.Write(InstalledFiles.None);
    }

    /// <summary>Adds the entries of some clients to hand-written files. EtcSync's own go with the clients from the inventory; their leases go on.</summary>
    /// <returns>What dnsmasq says, which reads reservations in a file of people's only when it starts.</returns>
    public ImmutableArray<ServerFinding> Apply(ImmutableArray<ReleasedFile> files, IReadOnlySet<ClientName> clients, CancellationToken cancellation)
    {
        using var held = ServerLock.Take(workspace, Program, cancellation);
        Put(files);
        var installed = _installed.Read();
        if (!installed.IsEmpty) _installed.Write(installed with
        {
            Files = installed.Files.RemoveRange(files.Select(file => file.Path).Where(path => installed.Files.TryGetValue(path, out var file) && file.Content is GeneratedContent.Whole)),
            Clients = [.. installed.Clients.Where(client => !clients.Contains(client.Name))],
        });
        if (!files.Any(file => file.Path == DnsmasqConfiguration.MainFile)) return [];
        var plan = ServerPlanner.Plan(ServerObserver.Observe(workspace), ServerParts.Files) with { Gone = [] };
        var restart = new FileChange(ServerPart.Dnsmasq, DnsmasqConfiguration.MainFile, null, null, null, ReloadKind.Restart);
        return [.. ServerParts.Services(workspace).Where(service => service.Part == ServerPart.Dnsmasq).SelectMany(service => service.Reload(plan, [restart], CancellationToken.None))];
    }

    private void Put(ImmutableArray<ReleasedFile> files)
    {
        var writer = new ServerFileWriter(workspace.Locations);
        foreach (var file in files)
        {
            var before = file.Before is null ? null : new CurrentFile.Regular(file.Before);
            if (!writer.Put(new(ServerPart.Dnsmasq, file.Path, before, new CurrentFile.Regular(file.After), null, ReloadKind.None)))
                throw new IOException($"Somebody changed {file.Path} while this was being prepared. Run it again.");
        }
    }

    private CurrentFile? Current(string path)
    {
        var mapped = workspace.Locations.Map(path);
        return Path.Exists(mapped) ? ServerObserver.Read(ServerFileWriter.Final(mapped)) : null;
    }
}
