using System.Collections.Immutable;
using EtcSync.Core.Adoption;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Server;

namespace EtcSync.Adoption;

/// <summary>What changes in the server's files.</summary>
/// <param name="Edits">Hand-written files without what moves.</param>
/// <param name="Plan">What EtcSync writes then.</param>
internal sealed record ServerAdoptionPlan(ImmutableArray<HandMadeEdit> Edits, ServerPlan Plan);

/// <summary>Moves entries from hand-written files into EtcSync's, the originals kept.</summary>
/// <param name="workspace">Where everything is.</param>
/// <param name="server">The hand-written files.</param>
/// <param name="understood">What they say.</param>
internal sealed class ServerAdoption(Workspace workspace, HandMadeServer server, UnderstoodServer understood)
{
    /// <summary>What the original of a hand-written file is called.</summary>
    public const string Suffix = ".before-etcsync";

    private const string HostsFile = "/etc/hosts";

    private readonly InstalledStore _installed = new(new(workspace.State));

    /// <summary>Plans, as if the clones of these clients were EtcSync's.</summary>
    public ServerAdoptionPlan Plan(IReadOnlySet<ClientName> adopted)
    {
        var edits = HandMadeFiles.Edit(server, understood, workspace.Settings, adopted);
        var observation = ServerObserver.Observe(workspace);
        var clients = workspace.Configuration.Inventory.Clients;
        observation = observation with
        {
            Clients = [.. clients.Where(client => adopted.Contains(client.Name)).Select(client => observation.Clients.FirstOrDefault(served => served.Client.Name == client.Name) ?? new(client, workspace.Settings.Clones.PathOf(client.Name), [], []))],
            Waiting = [.. clients.Select(client => client.Name).Where(name => !adopted.Contains(name))],
            Foreign = After(edits),
            Installed = WithBootFiles(observation.Installed, adopted.Count > 0),
        };
        return new(edits, ServerPlanner.Plan(observation with { Files = Seen(observation, edits) }, ServerParts.Files));
    }

    /// <summary>Carries it out: first the hand-written files, of which the originals are kept, then EtcSync's, and then the programs are told, once. What is refused is put back.</summary>
    /// <param name="adopted">The clients whose clones are EtcSync's now.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public ServerOutcome Apply(IReadOnlySet<ClientName> adopted, CancellationToken cancellation)
    {
        // From the first file to the last: a controller that looked in between would see half of it.
        using var held = ServerLock.Take(workspace, "etcsync adopt", cancellation);
        var edits = HandMadeFiles.Edit(server, understood, workspace.Settings, adopted);
        foreach (var edit in edits) Keep(edit.Path, edit.Before);
        var before = _installed.Read();
        var after = WithBootFiles(before, adopted.Count > 0);
        if (!ReferenceEquals(before, after))
        {
            foreach (var file in BootFiles) Keep(file.Path, file.Text);
            _installed.Write(after);
        }

        var writer = new ServerFileWriter(workspace.Locations);
        var changes = edits.Select(edit => new FileChange(PartOf(edit.Path), edit.Path, new CurrentFile.Regular(edit.Before), new CurrentFile.Regular(edit.After), null, edit.Path == HostsFile ? ReloadKind.Reread : ReloadKind.Restart)).ToList();
        // By the reservations the next run knows whose the other lines are, if this one is killed here: they go last.
        changes = [.. changes.OrderBy(change => change is { Part: ServerPart.Dnsmasq, Path: not HostsFile })];
        var done = PutAll(writer, changes, before);
        var outcome = new ServerApplier(workspace).RunLocked(_ => true, cancellation);
        var told = outcome.IsFailed ? Restore(writer, outcome, done, before) : Tell(outcome, done, change => !outcome.Done.Any(other => other.Part == change.Part && other.Reload >= change.Reload));
        return outcome with { Findings = [.. outcome.Findings, .. told] };
    }

    // What could not be written is not there to take over: its hand-written entries come back, and the program has them again.
    private ImmutableArray<ServerFinding> Restore(ServerFileWriter writer, ServerOutcome outcome, List<FileChange> edits, InstalledFiles before)
    {
        var written = outcome.Done.Select(change => change.Part).ToHashSet();
        var wanted = outcome.Plan.Changes.Select(change => change.Part).ToHashSet();
        var back = edits.Where(edit => outcome.Plan.IsRefused || (wanted.Contains(edit.Part) && !written.Contains(edit.Part))).ToList();
        foreach (var edit in back) writer.PutBack(edit);
        if (!written.Contains(ServerPart.Boot))
        {
            var now = _installed.Read();
            _installed.Write(now with { Files = now.Files.RemoveRange(BootFiles.Select(file => file.Path).Where(path => !before.Files.ContainsKey(path))) });
        }

        // A plan that was refused was told to nobody.
        return outcome.Plan.IsRefused ? [] : Tell(outcome, back, _ => true);
    }

    // Hand-written files are read at other moments than EtcSync's: dnsmasq's own only when it starts.
    private ImmutableArray<ServerFinding> Tell(ServerOutcome outcome, List<FileChange> edits, Func<FileChange, bool> isNews) =>
        [.. ServerParts.Services(workspace).SelectMany(service => edits.Where(edit => edit.Part == service.Part && isNews(edit)).ToList() is { Count: > 0 } news ? service.Reload(outcome.Plan with { Gone = [] }, news, CancellationToken.None) : [])];

    private IEnumerable<ForeignFile> BootFiles => server.Pxelinux.Where(file => workspace.Settings.Boot.Manage && file.Path == $"{workspace.Settings.Root}/boot/{BootLoaders.ConfigurationDirectory}/default");

    // As if EtcSync had written it: it is replaced in one step, and at no moment is there nothing to boot.
    private InstalledFiles WithBootFiles(InstalledFiles installed, bool isServed) => !isServed || BootFiles.All(file => installed.Files.ContainsKey(file.Path))
        ? installed
        : installed with { Files = installed.Files.SetItems(BootFiles.Select(file => KeyValuePair.Create(file.Path, new InstalledFile(ServerPart.Boot, new GeneratedContent.Whole(file.Text), ReloadKind.None)))) };

    private ForeignFiles After(ImmutableArray<HandMadeEdit> edits)
    {
        return new([.. server.Foreign.Exports.Select(Edited)], [.. server.Foreign.Dnsmasq.Select(Edited)], server.Foreign.Hosts is { } hosts ? Edited(hosts) : null);

        ForeignFile Edited(ForeignFile file) => edits.FirstOrDefault(edit => edit.Path == file.Path) is { } edit ? file with { Text = edit.After } : file;
    }

    // Files in which a block of ours is, or will be.
    private static ImmutableSortedDictionary<string, CurrentFile> Seen(ServerObservation observation, ImmutableArray<HandMadeEdit> edits)
    {
        var rendered = ServerParts.Files.SelectMany(part => part.Render(observation)).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return observation.Files.SetItems(edits.Where(edit => rendered.Contains(edit.Path)).Select(edit => KeyValuePair.Create<string, CurrentFile>(edit.Path, new CurrentFile.Regular(edit.After))));
    }

    private List<FileChange> PutAll(ServerFileWriter writer, List<FileChange> changes, InstalledFiles before)
    {
        var done = new List<FileChange>();
        foreach (var change in changes)
        {
            if (Obstacle(writer, change) is { } obstacle)
            {
                PutBack(writer, done, before);
                throw new IOException($"{obstacle} The hand-written files are as they were; adopt again.");
            }

            done.Add(change);
        }

        return done;
    }

    private static string? Obstacle(ServerFileWriter writer, FileChange change)
    {
        try
        {
            return writer.Put(change) ? null : $"Somebody changed {change.Path} while this was being prepared.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{change.Path} cannot be written: {e.Message}";
        }
    }

    private void PutBack(ServerFileWriter writer, List<FileChange> done, InstalledFiles before)
    {
        foreach (var change in done) writer.PutBack(change);
        _installed.Write(before);
    }

    // The first original stays: what later runs find is what earlier ones left.
    private void Keep(string path, string text)
    {
        var kept = workspace.Locations.Map(KeptPath(path));
        if (File.Exists(kept)) return;
        var place = ServerFileWriter.Final(workspace.Locations.Map(path));
        SecureDirectory.WriteFile(kept, System.Text.Encoding.Latin1.GetBytes(text), (int)File.GetUnixFileMode(place));
    }

    /// <summary>Where the original of a file is kept: beside it, but not in a directory of which dnsmasq reads every file.</summary>
    public static string KeptPath(string path) => Path.GetDirectoryName(path) is "/etc" or "/etc/exports.d" || path.Contains("/pxelinux.cfg/", StringComparison.Ordinal)
        ? path + Suffix
        : $"/etc/{path[1..].Replace('/', '_')}{Suffix}";

    private static ServerPart PartOf(string path) => path.StartsWith("/etc/exports", StringComparison.Ordinal) ? ServerPart.Exports : ServerPart.Dnsmasq;
}
