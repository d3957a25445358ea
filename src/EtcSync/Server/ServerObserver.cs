using System.Collections.Immutable;
using System.Text;
using EtcSync.Boot;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;
using EtcSync.Dnsmasq;
using EtcSync.Exports;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Server;

/// <summary>Reads all that the server's files depend on; writes nothing.</summary>
internal static class ServerObserver
{
    // What is generated has a line or two for each client; a larger file is none of ours.
    private const int LargestFile = 64 << 20;

    /// <summary>Looks at the inventory, the clones, the boot directory, other people's files, and what is where ours must be.</summary>
    public static ServerObservation Observe(Workspace workspace) => Observe(workspace, ServerParts.Files);

    /// <inheritdoc cref="Observe(Workspace)"/>
    /// <param name="workspace">Where everything is.</param>
    /// <param name="parts">What renders files; where these must be is looked at.</param>
    public static ServerObservation Observe(Workspace workspace, ImmutableArray<IServerFiles> parts)
    {
        var clients = workspace.Configuration.Inventory.Clients.ToLookup(client => IsReady(workspace, client.Name));
        var observation = new ServerObservation(
            workspace.Settings,
            Served(workspace, [.. clients[true]]),
            [.. clients[false].Select(client => client.Name)],
            BootDirectoryReader.Read(workspace.Settings.Root, workspace.Locations.Map(workspace.Settings.Root)),
            new(ForeignExports.Read(workspace.Locations), DnsmasqSources.Read(workspace.Locations), DnsmasqSources.ReadOne(workspace.Locations, "/etc/hosts")),
            ImmutableSortedDictionary<string, CurrentFile>.Empty.WithComparers(StringComparer.Ordinal),
            new InstalledStore(new(workspace.State)).Read())
        {
            Places = ExportedPlacesReader.Read(workspace.Settings, workspace.Locations, clients[true].Select(client => workspace.CloneOf(client.Name))) with { Removed = Removed(workspace) },
        };
        // Which places count follows from what is rendered; what is at them does not change what is rendered.
        var places = parts.SelectMany(part => part.Render(observation)).Select(file => KeyValuePair.Create(file.Path, file.Content))
            .Concat(observation.Installed.Files.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Content))).DistinctBy(place => place.Key, StringComparer.Ordinal);
        return observation with
        {
            Files = observation.Files.AddRange(places.Select(place => (Path: place.Key, File: ReadLike(place.Value, workspace.Locations.Map(place.Key))))
                .Where(pair => pair.File is not null).Select(pair => KeyValuePair.Create(pair.Path, pair.File!))),
        };
    }

    /// <summary>What is at a place; null where nothing is.</summary>
    public static CurrentFile? Read(string path)
    {
        if (DirectoryDescriptor.OpenRoot(ServerFileWriter.Final(Path.GetDirectoryName(path)!), out var directory) != OpenOutcome.Opened) return null;
        using (directory) return Read(directory!, Path.GetFileName(path));
    }

    /// <summary>The same in an open directory. Only regular files are opened: in the boot directory a client may have put anything.</summary>
    public static CurrentFile? Read(DirectoryDescriptor directory, string name) => directory.ReadFile(name, LargestFile) switch
    {
        ReadOutcome.Content content => new CurrentFile.Regular(Encoding.Latin1.GetString(content.Bytes)),
        ReadOutcome.OtherKind { Status.Kind: FileKind.SymbolicLink } when directory.ReadLink(name) is ReadOutcome.Content target => new CurrentFile.Link(Encoding.UTF8.GetString(target.Bytes)),
        ReadOutcome.Vanished => null,
        // A file that is mounted there by itself, as containers have /etc/hosts: that is the administrator's doing.
        ReadOutcome.Outside when RegularFile.Read(Path.Combine(directory.Path, name)) is { } bytes => new CurrentFile.Regular(Encoding.Latin1.GetString(bytes)),
        _ => new CurrentFile.Other(),
    };

    // Of a file in which only a block is ours, links are followed: people keep such files elsewhere.
    private static CurrentFile? ReadLike(GeneratedContent content, string path) => Read(content is GeneratedContent.Block ? ServerFileWriter.Final(path) : path);

    private static ImmutableHashSet<ClientName> Removed(Workspace workspace) => !Directory.Exists(workspace.State.Clients) ? [] :
    [
        .. Directory.EnumerateDirectories(workspace.State.Clients, "*.git")
            .Select(directory => ClientName.TryParse(Path.GetFileNameWithoutExtension(directory), out var name, out _) && workspace.Configuration.Inventory.Find(name) is null ? name : default(ClientName?)).OfType<ClientName>(),
    ];

    private static bool IsReady(Workspace workspace, ClientName client) =>
        ClientRepository.Exists(workspace.State.GitDirectory(client)) && Directory.Exists(workspace.CloneOf(client));

    // A name or an address that is another client's now is that one's alone, whatever somebody wrote into the inventory.
    private static ImmutableArray<ServedClient> Served(Workspace workspace, ImmutableArray<Client> clients)
    {
        var inventory = workspace.Configuration.Inventory.Clients;
        var (names, addresses) = (inventory.Select(client => client.Name).ToHashSet(), inventory.SelectMany(client => client.Addresses).ToHashSet());
        var formers = new FormerStore(workspace.State).All().ToDictionary(former => former.Name, former => former.Without(names, addresses));
        return [.. clients.Select(client => formers.GetValueOrDefault(client.Name) is { } former
            ? new ServedClient(client, workspace.Settings.Clones.PathOf(client.Name), former.Names, former.Addresses)
            : new(client, workspace.Settings.Clones.PathOf(client.Name), [], []))];
    }
}
