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
    private readonly TreeCache _trees;
    private readonly string _directory;
    private IntPtr _odb;

    private ObjectStore(string directory, IntPtr odb, TreeCache trees) => (_directory, _odb, _trees) = (directory, odb, trees);

    /// <summary>Opens the objects of a git directory.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public static ObjectStore Open(string gitDirectory, TreeCache trees)
    {
        Initialize();
        var objects = Path.Combine(gitDirectory, "objects");
        if (!Directory.Exists(objects)) throw new IOException($"{gitDirectory} has no object database.");
        return NativeMethods.git_odb_open(out var odb, objects) == 0
            ? new(gitDirectory, odb, trees)
            : throw new IOException($"The objects of {gitDirectory} cannot be opened: {NativeMethods.LastError()}.");
    }

    /// <inheritdoc/>
    public GitTree ReadTree(ObjectId id) => id == ObjectId.EmptyTree ? GitTree.Empty : _trees.GetOrAdd(id, i => GitTree.Parse(Read(i, ObjectType.Tree)));

    /// <inheritdoc/>
    public byte[] ReadBlob(ObjectId id) => Read(id, ObjectType.Blob);

    /// <summary>The commit of that id.</summary>
    /// <exception cref="InvalidDataException">There is no such object, or it is not a commit.</exception>
    public GitCommit ReadCommit(ObjectId id) => GitCommit.Parse(Read(id, ObjectType.Commit));

    /// <summary>Whether the object is there, of its own or borrowed.</summary>
    public unsafe bool Contains(ObjectId id)
    {
        var raw = stackalloc byte[ObjectId.Size];
        id.CopyTo(new(raw, ObjectId.Size));
        return NativeMethods.git_odb_exists(_odb, raw) == 1;
    }

    /// <summary>Writes an object, unless it is there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public unsafe void Write(NewObject made)
    {
        if (Contains(made.Id)) return;
        var raw = stackalloc byte[ObjectId.Size];
        fixed (byte* data = made.Content)
        {
            if (NativeMethods.git_odb_write(raw, _odb, data, (nuint)made.Content.Length, (int)made.Type) != 0)
            {
                throw new IOException($"An object cannot be written to {_directory}: {NativeMethods.LastError()}.");
            }
        }

        var written = ObjectId.FromBytes(new(raw, ObjectId.Size));
        if (written != made.Id) throw new IOException($"{_directory} took object {made.Id} as {written}.");
    }

    /// <summary>Writes objects in their order.</summary>
    public void Write(IEnumerable<NewObject> made)
    {
        foreach (var one in made) Write(one);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_odb == IntPtr.Zero) return;
        NativeMethods.git_odb_free(_odb);
        _odb = IntPtr.Zero;
    }

    private unsafe byte[] Read(ObjectId id, ObjectType type)
    {
        ObjectDisposedException.ThrowIf(_odb == IntPtr.Zero, this);
        var raw = stackalloc byte[ObjectId.Size];
        id.CopyTo(new(raw, ObjectId.Size));
        if (NativeMethods.git_odb_read(out var found, _odb, raw) != 0)
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
