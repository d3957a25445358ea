namespace EtcSync.Core.Git;

/// <summary>An object that is computed but not yet written.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Content">Its raw content.</param>
public sealed record NewObject(ObjectId Id, ObjectType Type, byte[] Content);

/// <summary>
/// New objects in memory on top of a reader. A plan computes trees and blobs into it; applying writes them, a dry run
/// drops them. Not safe for use by several threads.
/// </summary>
public sealed class ObjectOverlay(IObjectReader below) : IObjectReader
{
    private readonly Dictionary<ObjectId, NewObject> _added = [];
    private readonly Dictionary<ObjectId, GitTree> _trees = [];
    private readonly List<NewObject> _order = [];

    /// <summary>The new objects in the order of their making, so that what an object refers to comes before it.</summary>
    public IReadOnlyList<NewObject> Added => _order;

    /// <summary>Adds a blob and returns its id.</summary>
    public ObjectId AddBlob(byte[] content) => Add(ObjectType.Blob, content);

    /// <summary>Adds a tree and returns its id.</summary>
    public ObjectId AddTree(GitTree tree)
    {
        var id = Add(ObjectType.Tree, tree.ToBytes());
        _trees[id] = tree;
        return id;
    }

    /// <summary>Adds an object and returns its id.</summary>
    public ObjectId Add(ObjectType type, byte[] content)
    {
        var id = ObjectId.Hash(type, content);
        var made = new NewObject(id, type, content);
        if (_added.TryAdd(id, made)) _order.Add(made);
        return id;
    }

    /// <inheritdoc/>
    public GitTree ReadTree(ObjectId id)
    {
        if (_trees.TryGetValue(id, out var tree)) return tree;
        return id == ObjectId.EmptyTree ? GitTree.Empty : below.ReadTree(id);
    }

    /// <inheritdoc/>
    public byte[] ReadBlob(ObjectId id) => _added.TryGetValue(id, out var made) && made.Type == ObjectType.Blob ? made.Content : below.ReadBlob(id);
}
