using System.Collections.Immutable;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.FileSystem;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>
/// After a person's git command has written files of a work tree: git knows neither owners nor modes, so those that it
/// wrote get what .etckeeper says. Made before the command, so that it knows what was there.
/// </summary>
internal sealed class AttributeRestore(ClientRepository repository)
{
    private readonly Dictionary<string, IndexStat> _before =
        (repository.ReadIndex().Index ?? GitIndex.Empty).Entries.ToDictionary(entry => entry.Path, entry => entry.Stat, StringComparer.Ordinal);

    /// <summary>Sets mode and owner of every file that git wrote, and has the next scan look at them.</summary>
    public void Run(WorkTree tree)
    {
        if (repository.ReadIndex().Index is not { } index) return;
        var head = repository.Objects.ReadCommit(repository.Head()).Tree;
        var metadata = EtckeeperFiles.Of(repository.Objects, head);
        var ownership = ClientAccounts.Of(repository.Objects, head);
        var entries = ImmutableArray.CreateBuilder<IndexEntry>(index.Entries.Length);
        var any = false;
        foreach (var entry in index.Entries)
        {
            if (!entry.Mode.IsRegular() || (_before.TryGetValue(entry.Path, out var stat) && stat == entry.Stat))
            {
                entries.Add(entry);
                continue;
            }

            Set(tree, RepoPath.Parse(entry.Path), TreeAttributes.OfFile(metadata.Find(entry.Path), entry.Mode), ownership);
            entries.Add(entry with { Stat = IndexStat.Unknown });
            any = true;
        }

        if (any) repository.WriteIndex(new(entries.ToImmutable(), index.Tree));
    }

    private static void Set(WorkTree tree, RepoPath path, Core.Applying.FileAttributes attributes, Ownership ownership)
    {
        var directory = tree.Root;
        if (path.Parent is { } parent && tree.Root.OpenDirectory(parent.Value, out directory) != OpenOutcome.Opened) return;
        try
        {
            if (directory!.OpenReference(path.Name, out var file) != OpenOutcome.Opened) return;
            using (file)
            {
                if (file!.Status() is { Kind: FileKind.Regular, LinkCount: 1 }) Owners.Set(file, ownership, attributes, replaced: null);
            }
        }
        finally
        {
            if (!ReferenceEquals(directory, tree.Root)) directory?.Dispose();
        }
    }
}
