using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Text;

namespace EtcSync.Core.Server;

/// <summary>Decides what must change in the server's files. Pure.</summary>
internal static class ServerPlanner
{
    private const int MostNames = 5;

    /// <summary>Compares the files as they must be with what is there.</summary>
    public static ServerPlan Plan(ServerObservation observation, IReadOnlyList<IServerFiles> parts)
    {
        var managed = parts.Where(part => IsManaged(observation.Settings, part.Part)).ToList();
        ImmutableArray<GeneratedFile> files = [.. managed.SelectMany(part => part.Render(observation))];
        var findings = managed.SelectMany(part => part.Check(observation)).Concat(LostClones(observation)).ToList();
        var changes = new List<FileChange>();
        foreach (var file in files)
        {
            var before = observation.Files.GetValueOrDefault(file.Path);
            var after = After(Bytes(file.Content), before);
            if (Obstacle(file, before, observation.Installed) is { } obstacle) findings.Add(obstacle);
            else if (after != before) changes.Add(new(file.Part, file.Path, before, after, Edited(file.Path, before, observation.Installed), file.Reload));
        }

        changes.AddRange(Leftovers(observation, files));
        var gone = Gone(observation);
        return new(Ordered(changes, observation, gone), files, gone, [.. findings.Distinct().OrderBy(finding => finding.Level).ThenBy(finding => finding.Part).ThenBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line)]);
    }

    /// <summary>Whether a part is ours to write. What was written of one that no longer is stays as it is.</summary>
    public static bool IsManaged(Settings settings, ServerPart part) => part switch
    {
        ServerPart.Exports => settings.Exports.Manage,
        ServerPart.Boot => settings.Boot.Manage,
        ServerPart.Dnsmasq => settings.Dhcp.Manage,
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    /// <summary>A file as it is recorded when it was installed.</summary>
    public static InstalledFile Recorded(GeneratedFile file) => new(file.Part, Bytes(file.Content), file.Reload);

    // A file system that is not mounted looks like clients that are gone; running ones would lose what they have mounted.
    private static IEnumerable<ServerFinding> LostClones(ServerObservation observation)
    {
        var served = observation.Installed.Clients.Select(client => client.Name).ToHashSet();
        List<ClientName> lost = [.. observation.Waiting.Where(served.Contains)];
        if (lost.Count == 0) yield break;
        if (lost.Count == 1 && observation.Clients.Any(client => served.Contains(client.Client.Name)))
        {
            yield return new(ServerPart.Exports, FindingLevel.Warning, $"The clone of {lost[0]}, which was served, is gone: the client is served no longer. 'etcsync status {lost[0]}' says what to do.");
            yield break;
        }

        yield return new(ServerPart.Exports, FindingLevel.Refusal,
            $"The clones of {Some(lost)}, which {(lost.Count == 1 ? "was" : "were")} served, are gone. Is the file system mounted that {observation.Settings.Clones.Parent} is on ('findmnt -T {observation.Settings.Clones.Parent}')? Clients that are meant to be gone are taken out with 'etcsync client remove'.");
    }

    private static string Some(List<ClientName> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    // What of a file is of the kind that we wrote there.
    private static GeneratedContent? Find(CurrentFile? file, GeneratedContent like) => (file, like) switch
    {
        (CurrentFile.Regular regular, GeneratedContent.Whole) => new GeneratedContent.Whole(regular.Text),
        (CurrentFile.Regular regular, GeneratedContent.Block) when MarkedBlock.Find(regular.Text) is { } lines => new GeneratedContent.Block(lines),
        (CurrentFile.Link link, GeneratedContent.Link) => new GeneratedContent.Link(link.Target),
        _ => null,
    };

    // Texts of files are compared and kept as bytes, one character each.
    private static GeneratedContent Bytes(GeneratedContent content) => content switch
    {
        GeneratedContent.Whole whole => new GeneratedContent.Whole(ByteText.Of(whole.Text)),
        GeneratedContent.Block block => new GeneratedContent.Block(ByteText.Of(block.Lines.Length == 0 || block.Lines.EndsWith('\n') ? block.Lines : block.Lines + "\n")),
        _ => content,
    };

    private static CurrentFile After(GeneratedContent content, CurrentFile? before) => content switch
    {
        GeneratedContent.Whole whole => new CurrentFile.Regular(whole.Text),
        GeneratedContent.Block block => new CurrentFile.Regular(MarkedBlock.Put(before is CurrentFile.Regular regular ? regular.Text : "", block.Lines)),
        GeneratedContent.Link link => new CurrentFile.Link(link.Target),
        _ => throw new ArgumentOutOfRangeException(nameof(content)),
    };

    // What we never wrote is somebody's work; it is adopted or moved by a person, never replaced in silence.
    private static ServerFinding? Obstacle(GeneratedFile file, CurrentFile? before, InstalledFiles installed)
    {
        if (before is CurrentFile.Other) return new(file.Part, FindingLevel.Refusal, "This is neither a file nor a link, or it is far too large for what it should be. Move it away.", file.Path);
        if (before is null || file.Content is GeneratedContent.Block || installed.Files.ContainsKey(file.Path) || Find(before, file.Content) == Bytes(file.Content)) return null;
        return new(file.Part, FindingLevel.Refusal, "Somebody else wrote this file, and EtcSync would replace it. 'etcsync adopt' takes over what it says; or move it away, and run 'etcsync server apply' again.", file.Path);
    }

    private static GeneratedContent? Edited(string path, CurrentFile? before, InstalledFiles installed) =>
        installed.Files.TryGetValue(path, out var written) && before is not null && Find(before, written.Content) is var found && found != written.Content ? written.Content : null;

    // Files that we wrote and that are no longer needed go, unless somebody took them over by writing something else.
    private static IEnumerable<FileChange> Leftovers(ServerObservation observation, ImmutableArray<GeneratedFile> files)
    {
        var needed = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, written) in observation.Installed.Files)
        {
            if (needed.Contains(path) || !IsManaged(observation.Settings, written.Part) || observation.Files.GetValueOrDefault(path) is not { } before || Find(before, written.Content) is not { } found) continue;
            if (before is CurrentFile.Regular regular && written.Content is GeneratedContent.Block)
                yield return new(written.Part, path, before, new CurrentFile.Regular(MarkedBlock.Remove(regular.Text)), found == written.Content ? null : written.Content, written.Reload);
            else if (found == written.Content)
                yield return new(written.Part, path, before, null, null, written.Reload);
        }
    }

    private static ImmutableArray<InstalledClient> Gone(ServerObservation observation)
    {
        var now = observation.Clients.ToDictionary(client => client.Client.Name, client => client.Client);
        // One that was renamed has its lease on.
        foreach (var served in observation.Clients)
        {
            foreach (var name in served.FormerNames) now.TryAdd(name, served.Client);
        }

        return [.. observation.Installed.Clients.Where(was => !now.TryGetValue(was.Name, out var client) || !IsSame(was, client))];
    }

    private static bool IsSame(InstalledClient was, Client now) => was.Macs.SequenceEqual(now.Macs) && was.Addresses.SequenceEqual(now.Addresses);

    // A client must not be told to boot before it can mount, and must not be able to mount longer than it is told to boot.
    private static ImmutableArray<FileChange> Ordered(List<FileChange> changes, ServerObservation observation, ImmutableArray<InstalledClient> gone)
    {
        var before = observation.Installed.Clients.Select(client => client.Name).ToHashSet();
        var now = observation.Clients.SelectMany(client => client.FormerNames.Prepend(client.Client.Name)).ToHashSet();
        // Another address is none: what the client had stays exported beside it.
        var isOnlyRemoval = gone.Any(was => !now.Contains(was.Name)) && observation.Clients.All(client => before.Contains(client.Client.Name) || client.FormerNames.Any(before.Contains));
        var sorted = changes.OrderBy(change => change.Part).ThenBy(change => change.Path, StringComparer.Ordinal);
        return isOnlyRemoval ? [.. sorted.OrderByDescending(change => change.Part)] : [.. sorted];
    }
}
