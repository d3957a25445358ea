using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Adoption;
using EtcSync.Core.Git;
using EtcSync.FileSystem;
using EtcSync.Git;

namespace EtcSync.Adoption;

/// <summary>
/// Copies what counts of a git directory that a client could write into a repository of our own, and reads that. Git never
/// runs on the original: its configuration and hooks would run what they like. Only regular files are taken, found without
/// following a link; packs get an index anew, so that every object is what its name says.
/// </summary>
/// <param name="upstreamGit">Upstream's git directory: its objects are borrowed and not copied.</param>
/// <param name="upstreamAsConfigured">The same as the configuration spells it.</param>
internal sealed class ForeignCloneReader(string upstreamGit, string upstreamAsConfigured)
{
    /// <summary>Where the names of the original are in the copy.</summary>
    public const string AdoptedPrefix = "refs/adopted/";

    /// <summary>What was checked out, in the copy.</summary>
    public const string HeadRef = "refs/adopted-head";

    /// <summary>The stashes in the copy, numbered from the oldest.</summary>
    public const string StashPrefix = "refs/adopted-stash/";

    private const int SmallFile = 1024 * 1024;
    private const int IndexFile = 64 * 1024 * 1024;
    private const int LargestPack = 512 * 1024 * 1024;
    private const long MostBytes = 1L << 30;
    private const int MostObjects = 200_000;
    private const int MostNames = 2_000;
    private const int DeepestName = 6;

    // git-status(1) and its kin look for the same.
    private static readonly (string Name, string What)[] Unfinished =
    [
        ("MERGE_HEAD", "a merge"), ("CHERRY_PICK_HEAD", "a cherry-pick"), ("REVERT_HEAD", "a revert"),
        ("rebase-merge", "a rebase"), ("rebase-apply", "a rebase"), ("BISECT_LOG", "a bisection"),
    ];

    private long _copied;

    /// <summary>Reads a clone's git directory through a copy.</summary>
    /// <param name="workTree">The top of the clone.</param>
    /// <param name="shown">Its path, for messages.</param>
    /// <param name="scratch">Where the copy is made; must not exist.</param>
    /// <param name="cancellation">Ends git.</param>
    public ForeignClone Read(DirectoryDescriptor workTree, string shown, string scratch, CancellationToken cancellation)
    {
        switch (workTree.OpenDirectory(".git", out var opened))
        {
            case OpenOutcome.Opened:
                using (opened) return ReadGit(opened!, shown, scratch, cancellation);
            case OpenOutcome.Missing:
                return Refuse($"{shown} has no git directory: it is no clone of upstream. Move it away, and 'etcsync sync' makes a new one; copy into that one afterwards what is to stay.");
            default:
                return Refuse($"{shown}/.git is no directory but leads elsewhere, and is not followed. Make it a clone of its own, or move {shown} away to have a new one made.");
        }
    }

    private ForeignClone ReadGit(DirectoryDescriptor git, string shown, string scratch, CancellationToken cancellation)
    {
        foreach (var (name, what) in Unfinished)
        {
            if (git.TryStatus(name, out _)) return Refuse($"In {shown} {what} was begun and not finished ({name} is there). Finish it or give it up on the client ('git status' there says how), then adopt it.");
        }

        if (git.TryStatus("index.lock", out _)) return Refuse($"Git works in {shown} at this moment, or was killed there (index.lock is there). Wait for it, or remove that file on the client.");
        if (git.TryStatus("shallow", out _)) return Refuse($"{shown} is a shallow clone: its history is cut off. Run 'git fetch --unshallow' on the client.");
        if (AdoptedHistory.HasUnmergedPaths(Content(git, "index", IndexFile) ?? []) == true) return Refuse($"The index of {shown} has paths in conflict, or is damaged. Run 'git status' on the client, and settle or give up what was begun.");

        BareRepository.Create(scratch, HeadRef, borrowFrom: null);
        File.WriteAllText(Path.Combine(scratch, "objects/info/alternates"), Path.Combine(Path.GetFullPath(upstreamGit), "objects") + "\n");
        if (CopyObjects(git, shown, scratch, cancellation) is { } reason) return Refuse(reason);
        var names = Names(git);
        var (branch, commit) = AdoptedHistory.ReadHead(Content(git, "HEAD", SmallFile) ?? []);
        if ((commit ?? names.FirstOrDefault(name => name.Name == branch)?.Id) is not { } head)
            return Refuse($"{shown} has no commit that is checked out (its HEAD names {branch ?? "nothing that is understood"}). Check a branch out on the client.");
        var stashes = Stashes(git);
        var refs = new RefStore(scratch);
        refs.TryUpdate(HeadRef, null, head);
        foreach (var name in names) refs.TryUpdate(AdoptedPrefix + name.Name["refs/".Length..], null, name.Id);
        for (var i = 0; i < stashes.Length; i++) refs.TryUpdate(StashPrefix + $"{i:0000}", null, stashes[i]);
        return new ForeignClone.Readable(new(branch, head, names, stashes));
    }

    private string? CopyObjects(DirectoryDescriptor git, string shown, string scratch, CancellationToken cancellation)
    {
        if (git.OpenDirectory("objects", out var opened) != OpenOutcome.Opened) return $"{shown}/.git has no objects of its own. Make it a clone of its own, or move {shown} away to have a new one made.";
        using var objects = opened!;
        if (Foreign(objects) is { } elsewhere) return $"{shown} borrows objects from {elsewhere}, which is not upstream. Run 'git repack -a -d' on the client and remove .git/objects/info/alternates, then adopt it.";
        var count = 0;
        foreach (var name in EntriesOf(objects).Where(name => name.Length == 2 && IsHex(name)))
        {
            if (objects.OpenDirectory(name, out var some) != OpenOutcome.Opened) continue;
            using var loose = some!;
            foreach (var rest in EntriesOf(loose).Where(rest => rest.Length == 38 && IsHex(rest)))
            {
                // What upstream has, also by a hard link, is read from there.
                if (File.Exists(Path.Combine(upstreamGit, "objects", name, rest))) continue;
                if (++count > MostObjects) return $"{shown} has more than {MostObjects} objects that upstream has not. Run 'git gc' on the client.";
                if (Content(loose, rest, LargestPack) is { } content) Write(Path.Combine(scratch, "objects", name), rest, content);
            }
        }

        if (objects.OpenDirectory("pack", out var packs) != OpenOutcome.Opened) return TooLarge(shown, scratch, cancellation);
        using (packs)
        {
            foreach (var name in EntriesOf(packs!).Where(name => name.StartsWith("pack-", StringComparison.Ordinal) && name.EndsWith(".pack", StringComparison.Ordinal) && IsHex(name[5..^5])))
            {
                if (File.Exists(Path.Combine(upstreamGit, "objects/pack", name))) continue;
                if (Content(packs!, name, LargestPack) is not { } content) return $"The pack {name} in {shown} has more than {LargestPack / (1024 * 1024)} MiB. Run 'git gc' on the client.";
                Write(Path.Combine(scratch, "objects/pack"), name, content);
                var indexed = GitProgram.Run(scratch, ["index-pack", Path.Combine(scratch, "objects/pack", name)], cancellation);
                if (indexed.ExitCode != 0) return $"The pack {name} in {shown} is damaged: {indexed.Error} Move {shown} away to have a new clone made.";
            }
        }

        return TooLarge(shown, scratch, cancellation);
    }

    // A few bytes can claim to be an object that fills the memory: only the claims are read here.
    private static string? TooLarge(string shown, string scratch, CancellationToken cancellation)
    {
        var listed = GitProgram.Run(scratch, ["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectsize)"], cancellation);
        if (listed.ExitCode != 0) return $"The objects in {shown}/.git are damaged: {listed.Error} Move {shown} away to have a new clone made.";
        return listed.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Any(line => !long.TryParse(line, out var size) || size > LargestPack)
            ? $"An object in {shown}/.git has more than {LargestPack >> 20} MiB, or is damaged. Move {shown} away to have a new clone made."
            : null;
    }

    // Where objects are borrowed that are not upstream's: whoever wrote that file could name any directory.
    private string? Foreign(DirectoryDescriptor objects)
    {
        if (objects.OpenDirectory("info", out var opened) != OpenOutcome.Opened) return null;
        using var info = opened!;
        var lines = Encoding.UTF8.GetString(Content(info, "alternates", SmallFile) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(lines, line => line.TrimEnd('/') != $"{upstreamGit}/objects" && line.TrimEnd('/') != $"{upstreamAsConfigured}/objects");
    }

    private static ImmutableArray<NamedCommit> Names(DirectoryDescriptor git)
    {
        var found = new SortedDictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var name in AdoptedHistory.ReadPacked(Content(git, "packed-refs", SmallFile) ?? []).Take(MostNames)) found[name.Name] = name.Id;
        if (git.OpenDirectory("refs", out var refs) == OpenOutcome.Opened)
        {
            using (refs) Walk(refs!, "refs", 0, found);
        }

        // A name that is a directory of another is none of git's own making.
        return [.. found.Where(pair => !found.Keys.Any(other => other.StartsWith(pair.Key + "/", StringComparison.Ordinal))).Select(pair => new NamedCommit(pair.Key, pair.Value))];
    }

    private static void Walk(DirectoryDescriptor directory, string prefix, int depth, SortedDictionary<string, ObjectId> found)
    {
        foreach (var name in EntriesOf(directory))
        {
            if (found.Count >= MostNames) return;
            var path = $"{prefix}/{name}";
            if (!directory.TryStatus(name, out var status)) continue;
            if (status.Kind == FileKind.Directory && depth < DeepestName && directory.OpenDirectory(name, out var below) == OpenOutcome.Opened)
            {
                using (below) Walk(below!, path, depth + 1, found);
            }
            else if (AdoptedHistory.IsName(path) && Content(directory, name, SmallFile) is { } content && ObjectId.TryParse(Encoding.Latin1.GetString(content).Trim(), out var id))
            {
                found[path] = id;
            }
        }
    }

    private static ImmutableArray<ObjectId> Stashes(DirectoryDescriptor git)
    {
        if (git.OpenDirectory("logs/refs", out var logs) != OpenOutcome.Opened) return [];
        using (logs) return AdoptedHistory.ReadStashes(Content(logs!, "stash", SmallFile) ?? []);
    }

    private static List<string> EntriesOf(DirectoryDescriptor directory)
    {
        var names = new List<string>();
        foreach (var entry in directory.Enumerate())
        {
            if (names.Count > MostObjects) break;
            names.Add(entry.Name);
        }

        return names;
    }

    private static byte[]? Content(DirectoryDescriptor directory, string name, int limit) => directory.ReadFile(name, limit) is ReadOutcome.Content content ? content.Bytes : null;

    private void Write(string directory, string name, byte[] content)
    {
        _copied += content.Length;
        if (_copied > MostBytes) throw new IOException($"It has more than {MostBytes >> 20} MiB of objects that upstream has not. Run 'git gc' on the client, or move the clone away to have a new one made.");
        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, name), content);
    }

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);

    private static ForeignClone.Refused Refuse(string reason) => new(reason);
}
