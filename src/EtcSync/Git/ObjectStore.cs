using System.Runtime.InteropServices;
using EtcSync.Core.Git;
using static EtcSync.Git.LibGit2;

namespace EtcSync.Git;

/// <summary>
/// A repository's object database: its own objects and those it borrows through alternates. Objects are read and
/// written raw, by libgit2; nothing here knows of work trees. For one thread at a time.
/// </summary>
internal sealed class ObjectStore : IObjectReader, IDisposable
{
    // zlib's fastest: packing compresses again.
    private const int Compression = 1;

    private readonly TreeCache _trees;
    private readonly string _directory;
    // Null where objects may be written.
    private readonly PendingObjects? _pending;
    private IntPtr _odb;
    private IntPtr _own;
    private bool _isDisposed;

    private ObjectStore(string directory, IntPtr odb, TreeCache trees, PendingObjects? pending) => (_directory, _odb, _trees, _pending) = (directory, odb, trees, pending);

    /// <summary>Opens the objects of a git directory.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public static ObjectStore Open(string gitDirectory, TreeCache trees)
    {
        CheckDirectory(gitDirectory, Path.Combine(gitDirectory, "objects"));
        // The database itself is opened when something is read that is not known yet: most passes over a client read nothing.
        return new(gitDirectory, IntPtr.Zero, trees, pending: null);
    }

    /// <summary>Opens the objects of a git directory together with some that it does not have yet, to be read only.</summary>
    /// <exception cref="IOException">There are none, or they cannot be read.</exception>
    public static ObjectStore OpenToLook(string gitDirectory, PendingObjects pending, TreeCache trees)
    {
        var store = new ObjectStore(gitDirectory, OpenDatabase(gitDirectory, PendingObjects.DirectoryOf(gitDirectory)), trees, pending);
        if (pending.Upstream is not { } upstream || upstream == gitDirectory || NativeMethods.git_odb_add_disk_alternate(store._odb, PendingObjects.DirectoryOf(upstream)) == 0) return store;
        var error = NativeMethods.LastError();
        store.Dispose();
        throw new IOException($"The objects of {upstream} cannot be opened: {error}.");
    }

    /// <inheritdoc/>
    public GitTree ReadTree(ObjectId id) => id == ObjectId.EmptyTree ? GitTree.Empty : _trees.GetOrAdd(id, i => GitTree.Parse(Read(i, ObjectType.Tree)));

    /// <inheritdoc/>
    public byte[] ReadBlob(ObjectId id) => Read(id, ObjectType.Blob);

    /// <summary>The commit of that id.</summary>
    /// <exception cref="InvalidDataException">There is no such object, or it is not a commit.</exception>
    public GitCommit ReadCommit(ObjectId id) => _trees.GetOrAddCommit(id, i => GitCommit.Parse(Read(i, ObjectType.Commit)));

    /// <summary>Whether the object is there, of its own or borrowed.</summary>
    public bool Contains(ObjectId id) => (_pending is not null && _pending.Computed.ContainsKey(id)) || Contains(id, NativeMethods.Lookup.Refresh);

    /// <summary>Writes an object, unless it is there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public unsafe void Write(NewObject made)
    {
        if (_pending is not null) throw new InvalidOperationException($"{_directory} was opened to look at.");
        // Without looking for new packs: for an object that is new, that costs more than writing it, and to write one twice does no harm.
        if (Contains(made.Id, NativeMethods.Lookup.NoRefresh)) return;
        var raw = stackalloc byte[ObjectId.Size];
        fixed (byte* data = made.Content)
        {
            if (NativeMethods.git_odb_write(raw, Own(), data, (nuint)made.Content.Length, (int)made.Type) != 0)
            {
                throw new IOException($"An object cannot be written to {_directory}: {NativeMethods.LastError()}.");
            }
        }

        var written = ObjectId.FromBytes(new(raw, ObjectId.Size));
        if (written != made.Id) throw new IOException($"{_directory} took object {made.Id} as {written}.");
        // The next pass over the same client begins with what this one ended with.
        if (made.Type == ObjectType.Tree) _trees.GetOrAdd(made.Id, _ => GitTree.Parse(made.Content));
        else if (made.Type == ObjectType.Commit) _trees.GetOrAddCommit(made.Id, _ => GitCommit.Parse(made.Content));
    }

    /// <summary>Writes objects in their order.</summary>
    public void Write(IEnumerable<NewObject> made)
    {
        foreach (var one in made) Write(one);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_odb != IntPtr.Zero) NativeMethods.git_odb_free(_odb);
        if (_own != IntPtr.Zero) NativeMethods.git_odb_free(_own);
        (_odb, _own, _isDisposed) = (IntPtr.Zero, IntPtr.Zero, true);
    }

    private unsafe bool Contains(ObjectId id, NativeMethods.Lookup lookup)
    {
        var raw = stackalloc byte[ObjectId.Size];
        id.CopyTo(new(raw, ObjectId.Size));
        return NativeMethods.git_odb_exists_ext(Database(), raw, lookup) == 1;
    }

    private IntPtr Database()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _odb != IntPtr.Zero ? _odb : _odb = OpenDatabase(_directory, Path.Combine(_directory, "objects"));
    }

    // Where new objects go: its own loose objects and nothing else, so that libgit2 does not search all packs before it writes.
    private IntPtr Own()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_own != IntPtr.Zero) return _own;
        var objects = Path.Combine(_directory, "objects");
        if (NativeMethods.git_odb_new(out var own) != 0) throw new IOException($"The objects of {_directory} cannot be opened: {NativeMethods.LastError()}.");
        // Not synchronised one by one: who needs it synchronises the file system once for all.
        if (NativeMethods.git_odb_backend_loose(out var loose, objects, Compression, doSync: 0, directoryMode: 0, fileMode: 0) != 0
            || NativeMethods.git_odb_add_backend(own, loose, 1) != 0)
        {
            NativeMethods.git_odb_free(own);
            throw new IOException($"The objects of {_directory} cannot be opened: {NativeMethods.LastError()}.");
        }

        return _own = own;
    }

    private static void CheckDirectory(string gitDirectory, string objects)
    {
        if (!Directory.Exists(objects)) throw new IOException($"{gitDirectory} has no object database.");
    }

    private static IntPtr OpenDatabase(string gitDirectory, string objects)
    {
        Initialize();
        CheckDirectory(gitDirectory, objects);
        return NativeMethods.git_odb_open(out var odb, objects) == 0 ? odb : throw new IOException($"The objects of {gitDirectory} cannot be opened: {NativeMethods.LastError()}.");
    }

    private unsafe byte[] Read(ObjectId id, ObjectType type)
    {
        if (_pending is not null && _pending.Computed.TryGetValue(id, out var computed) && computed.Type == type) return computed.Content;
        var raw = stackalloc byte[ObjectId.Size];
        id.CopyTo(new(raw, ObjectId.Size));
        if (NativeMethods.git_odb_read(out var found, Database(), raw) != 0)
        {
            throw new InvalidDataException($"Object {id} cannot be read from {_directory}: {NativeMethods.LastError()}.");
        }

        try
        {
            if (NativeMethods.git_odb_object_type(found) != (int)type) throw new InvalidDataException($"Object {id} in {_directory} is not a {type.Keyword()}.");
            var content = new byte[checked((int)NativeMethods.git_odb_object_size(found))];
            Marshal.Copy(NativeMethods.git_odb_object_data(found), content, 0, content.Length);
            return content;
        }
        finally
        {
            NativeMethods.git_odb_object_free(found);
        }
    }
}
