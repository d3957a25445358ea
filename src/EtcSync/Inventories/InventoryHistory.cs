using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Core.Inventories;
using EtcSync.Core.Planning;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Git;

namespace EtcSync.Inventories;

/// <summary>
/// Everything that the inventory ever was: a git repository of its own below the state directory, a commit for each change, in the
/// name of who made it. What people changed with an editor is found the next time somebody looks, and recorded as that. For one who
/// holds the inventory's lock; reading takes none.
/// </summary>
internal sealed class InventoryHistory(Workspace workspace)
{
    /// <summary>What a change is called that was found in the file.</summary>
    public const string ByHand = "changed by hand";

    private const string Main = "refs/heads/main";
    private const string FileName = "inventory.yaml";
    private const int ShortestRevision = 4;
    private const int MaximumPacks = 10;
    private const int MaximumLooseObjects = 4_000;

    private readonly RefStore _refs = new(workspace.State.InventoryHistory);

    /// <summary>Records the file as it was found, if it is not what was recorded last.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="when">When it was written.</param>
    public void Found(string text, DateTimeOffset when)
    {
        var isFirst = Tip() is null;
        if (!isFirst || text.Length > 0) Record(new("unknown", "unknown@localhost", when), isFirst ? "as it was found" : ByHand, text);
    }

    /// <summary>Records a change.</summary>
    /// <param name="author">Who made it.</param>
    /// <param name="what">With what.</param>
    /// <param name="text">The inventory as it is now.</param>
    public void Record(Signature author, string what, string text)
    {
        StateRepository();
        var tip = Tip();
        using var objects = Open();
        if (tip is { } last && TextOf(objects, last) == text) return;
        var overlay = new ObjectOverlay(objects);
        var tree = overlay.AddTree(GitTree.Of([new(FileName, EntryMode.File, overlay.AddBlob(Encoding.UTF8.GetBytes(text)))]));
        // What is not valid has no clients that could be compared.
        var (was, now) = (Inventory.Load("", tip is { } before ? TextOf(objects, before) : "").Value, Inventory.Load("", text).Value);
        List<string> lines = was is not null && now is not null ? [.. InventoryChange.Between(was, now)] : [now is null ? "it is not valid any more" : "it is valid again"];
        var message = $"{CommitWriter.Printable(what)}\n\n{string.Concat(lines.Select(line => line + "\n"))}";
        var commit = overlay.Add(ObjectType.Commit, new GitCommit(tree, tip is { } id ? [id] : [], author, Signature.OfEtcSync(workspace.Time.GetLocalNow()), message).ToBytes());
        objects.Write(overlay.Added);
        // The reference comes last, and names nothing that a power failure could take away.
        workspace.SyncState();
        _refs.RemoveAbandonedLocks(Main);
        if (!_refs.TryUpdateThrough(Main, tip, commit)) throw new IOException($"Somebody else than EtcSync moved {Main} of {workspace.State.InventoryHistory}.");
        Repacking.RunIfNeeded(workspace.State.InventoryHistory, MaximumPacks, MaximumLooseObjects, CancellationToken.None);
    }

    /// <summary>All changes, newest first.</summary>
    /// <exception cref="IOException">The history cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public ImmutableArray<InventoryRevision> Log()
    {
        var revisions = ImmutableArray.CreateBuilder<InventoryRevision>();
        if (Tip() is not { } tip) return [];
        using var objects = Open();
        for (ObjectId? id = tip; id is { } at;)
        {
            var commit = objects.ReadCommit(at);
            var lines = commit.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
            revisions.Add(new(at, commit.Author.Name, commit.Author.When, commit.Subject, [.. lines]));
            id = commit.Parents.IsEmpty ? null : commit.Parents[0];
        }

        return revisions.ToImmutable();
    }

    /// <summary>The revision whose id begins with these digits; null where there is none, or more than one.</summary>
    public InventoryRevision? Find(string revision) =>
        revision.Length >= ShortestRevision && Log().Where(one => one.Id.ToString().StartsWith(revision, StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only : null;

    /// <summary>The inventory as it was.</summary>
    public string TextOf(InventoryRevision revision)
    {
        using var objects = Open();
        return TextOf(objects, revision.Id);
    }

    private static string TextOf(ObjectStore objects, ObjectId commit) => objects.ReadTree(objects.ReadCommit(commit).Tree).Find(FileName) is { Mode: EntryMode.File } entry
        ? Encoding.UTF8.GetString(objects.ReadBlob(entry.Id))
        : throw new InvalidDataException($"{commit.Short} of the inventory's history has no {FileName}.");

    private ObjectId? Tip() => Directory.Exists(workspace.State.InventoryHistory) ? _refs.Read(Main) : null;

    private ObjectStore Open() => ObjectStore.Open(workspace.State.InventoryHistory, workspace.Trees);

    private void StateRepository()
    {
        if (!Directory.Exists(workspace.State.InventoryHistory)) BareRepository.Create(workspace.State.InventoryHistory, Main, borrowFrom: null);
    }
}

/// <summary>A change of the inventory.</summary>
/// <param name="Id">Its commit.</param>
/// <param name="By">Who made it.</param>
/// <param name="When">When.</param>
/// <param name="What">With what.</param>
/// <param name="Changes">What it changed, a sentence's part each.</param>
internal sealed record InventoryRevision(ObjectId Id, string By, DateTimeOffset When, string What, ImmutableArray<string> Changes);
