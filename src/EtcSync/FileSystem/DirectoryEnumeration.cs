using System.Buffers;
using System.Buffers.Binary;
using EtcSync.Core.Git;

namespace EtcSync.FileSystem;

/// <summary>An entry of a directory, valid until the enumeration moves on.</summary>
internal readonly ref struct DirectoryEntry(ReadOnlySpan<byte> nameBytes, FileKind kind, ulong inode)
{
    /// <summary>The name as the file system has it.</summary>
    public ReadOnlySpan<byte> NameBytes { get; } = nameBytes;

    /// <summary>The kind at the time of reading, or <see cref="FileKind.Unknown"/> where the file system does not say.</summary>
    public FileKind Kind { get; } = kind;

    /// <summary>Number of the inode (of a mount point: of what is below the mount).</summary>
    public ulong Inode { get; } = inode;

    /// <summary>The name decoded (<see cref="GitName"/>).</summary>
    public string Name => GitName.Decode(NameBytes);
}

/// <summary>Reads a directory with getdents64(2) into a pooled buffer. For <c>foreach</c>, which also disposes it.</summary>
internal ref struct DirectoryEnumeration
{
    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name with terminator.
    private const int LengthOffset = 16;
    private const int KindOffset = 18;
    private const int NameOffset = 19;
    private const int BufferSize = 32 * 1024;
    private const int LongestRecord = 512;

    private readonly DirectoryDescriptor _directory;
    private byte[]? _buffer;
    private int _filled;
    private int _next;
    private int _current;
    private int _nameLength;
    private bool _isComplete;

    /// <summary>Starts at the first entry.</summary>
    public DirectoryEnumeration(DirectoryDescriptor directory)
    {
        _directory = directory;
        if (!directory.BeginEnumeration()) throw directory.Failure("read the directory");
        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    /// <summary>The entry at hand.</summary>
    public readonly DirectoryEntry Current
    {
        get
        {
            var record = _buffer.AsSpan(_current);
            return new(
                record.Slice(NameOffset, _nameLength),
                (FileKind)record[KindOffset],
                BinaryPrimitives.ReadUInt64LittleEndian(record));
        }
    }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly DirectoryEnumeration GetEnumerator() => this;

    /// <summary>Goes to the next entry.</summary>
    public bool MoveNext()
    {
        while (_next < _filled || Fill())
        {
            _current = _next;
            var record = _buffer.AsSpan(_current, _filled - _current);
            _next += BinaryPrimitives.ReadUInt16LittleEndian(record[LengthOffset..]);
            var name = record[NameOffset..];
            _nameLength = name.IndexOf((byte)0);
            if (name[0] == '.' && (_nameLength == 1 || (_nameLength == 2 && name[1] == '.'))) continue;
            return true;
        }

        return false;
    }

    /// <summary>
    /// Whether the directory may have an entry of this name; false is certain. For small directories, which fit into the
    /// buffer, it costs no call of its own. Only before the first <see cref="MoveNext"/>.
    /// </summary>
    public bool MayHave(ReadOnlySpan<byte> name)
    {
        while (!_isComplete && BufferSize - _filled > LongestRecord) ReadOn();
        for (var at = 0; at < _filled; at += BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(at + LengthOffset)))
        {
            var entry = _buffer.AsSpan(at + NameOffset);
            if (entry.Length > name.Length && entry[name.Length] == 0 && entry.StartsWith(name)) return true;
        }

        return !_isComplete;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
    }

    private bool Fill()
    {
        if (_isComplete) return false;
        (_next, _filled) = (0, 0);
        ReadOn();
        return _filled > 0;
    }

    private void ReadOn()
    {
        var read = (int)Libc.GetDirectoryEntries(_directory, ref _buffer![_filled], (nuint)(BufferSize - _filled));
        // ENOENT: the directory was removed while it was open, so it has no entries.
        if (read < 0 && Libc.LastError != Errno.ENOENT) throw _directory.Failure("read the directory");
        if (read > 0) _filled += read;
        else _isComplete = true;
    }
}
