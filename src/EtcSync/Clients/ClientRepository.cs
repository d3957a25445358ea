using System.Buffers;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Planning;
using EtcSync.FileSystem;
using EtcSync.Git;

namespace EtcSync.Clients;

/// <summary>A client's git directory, outside the export. Opened bare: nothing here looks at the work tree.</summary>
internal sealed class ClientRepository : IDisposable
{
    /// <summary>The state that the work tree and the branch have.</summary>
    public const string MergedRef = "refs/etcsync/merged";

    /// <summary>The state that is being applied; there from before the first change of the work tree until the branch has moved.</summary>
    public const string ApplyingRef = "refs/etcsync/applying";

    private const int MaximumPacks = 10;
    private const int MaximumLooseObjects = 4_000;

    private readonly IndexPathsCache _indexPaths;

    private ClientRepository(string gitDirectory, ClientName client, ObjectStore objects, IndexPathsCache indexPaths)
    {
        _indexPaths = indexPaths;
        GitDirectory = gitDirectory;
        Refs = new(gitDirectory);
        Objects = objects;
        Branch = BranchOf(client);
    }

    public string GitDirectory { get; }

    public RefStore Refs { get; }

    public ObjectStore Objects { get; }

    /// <summary>The override branch, as "refs/heads/client/NAME".</summary>
    public string Branch { get; }

    private string IndexFile => Path.Combine(GitDirectory, "index");

    /// <summary>The name of a client's override branch.</summary>
    public static string BranchOf(ClientName client) => $"refs/heads/client/{client}";

    /// <summary>Whether the client has a git directory.</summary>
    public static bool Exists(string gitDirectory) => File.Exists(Path.Combine(gitDirectory, "HEAD"));

    /// <summary>Opens it.</summary>
    public static ClientRepository Open(string gitDirectory, ClientName client, TreeCache trees) => new(gitDirectory, client, ObjectStore.Open(gitDirectory, trees), trees.IndexPaths);

    /// <summary>Opens it to look at, with objects that it cannot borrow yet.</summary>
    public static ClientRepository OpenToLook(string gitDirectory, ClientName client, PendingObjects pending, TreeCache trees) => new(gitDirectory, client, ObjectStore.OpenToLook(gitDirectory, pending, trees), trees.IndexPaths);

    /// <summary>The branch's commit.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public ObjectId Head() => Refs.Read(Branch) ?? throw new InvalidDataException($"{GitDirectory} has no {Branch}. Restore it from a backup, or move the directory away to have the clone made again.");

    /// <summary>The state recorded under a reference, or null.</summary>
    public MergedState? ReadState(string reference) => Refs.Read(reference) is { } id ? MergedState.Of(Objects.ReadCommit(id)) : null;

    /// <summary>The index, and the change time of its file.</summary>
    public (GitIndex? Index, FileTime Time) ReadIndex()
    {
        if (!File.Exists(IndexFile)) return (null, default);
        using var file = File.OpenHandle(IndexFile);
        var length = (int)RandomAccess.GetLength(file);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            length = RandomAccess.Read(file, buffer.AsSpan(0, length), 0);
            var index = GitIndex.TryParse(buffer.AsSpan(0, length), _indexPaths.Find);
            if (index is not null) _indexPaths.Add(index.Paths);
            return (index, FileTime.Of(File.GetLastWriteTimeUtc(file)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether there is an index.</summary>
    public bool HasIndex => File.Exists(IndexFile);

    /// <summary>Removes the index: nothing is known of any work tree any more.</summary>
    public void DeleteIndex() => File.Delete(IndexFile);

    /// <summary>Writes the index in one step, under git's own lock.</summary>
    public void WriteIndex(GitIndex index)
    {
        var temporary = IndexFile + ".lock";
        File.WriteAllBytes(temporary, index.ToBytes());
        File.Move(temporary, IndexFile, overwrite: true);
    }

    /// <summary>Paths that git itself shall not show as untracked: local ones and copies from the shared root.</summary>
    public void WriteExcludes(IEnumerable<string> patterns)
    {
        var text = "# Written by EtcSync: what no policy rolls out or commits.\n" + string.Concat(patterns.Select(pattern => pattern + "\n"));
        var file = Path.Combine(GitDirectory, "info/exclude");
        if (!File.Exists(file) || File.ReadAllText(file) != text) File.WriteAllText(file, text);
    }

    /// <summary>Packs what has piled up.</summary>
    public static bool Maintain(string gitDirectory, CancellationToken cancellation) =>
        Exists(gitDirectory) && Repacking.RunIfNeeded(gitDirectory, MaximumPacks, MaximumLooseObjects, cancellation);

    /// <inheritdoc/>
    public void Dispose() => Objects.Dispose();
}
