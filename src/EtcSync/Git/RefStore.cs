using System.Runtime.CompilerServices;
using System.Text;
using EtcSync.Core.Git;
using EtcSync.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace EtcSync.Git;

/// <summary>
/// References of a git directory that we made ourselves (files below refs/, and packed-refs), with what libgit2 does
/// not offer through LibGit2Sharp: compare and swap. Locks are git's own: NAME.lock, made exclusively.
/// </summary>
internal sealed class RefStore(string gitDirectory)
{
    // Whoever works on a repository of ours holds a lock of ours (LockFile) while it does; git's own locks are held for moments.
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(2);
    private const int LongestLine = 1024;
    // 'git pack-refs' holds its lock until packed-refs is on the disk.
    private const int Patience = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private string PackedRefs => Path.Combine(gitDirectory, "packed-refs");

    /// <summary>The object that a reference such as "refs/heads/x" names, or null.</summary>
    public ObjectId? Read(string name)
    {
        var file = Path.Combine(gitDirectory, name);
        if (ReadWhole(file)?.Trim() is { } text)
        {
            if (ObjectId.TryParse(text, out var id)) return id;
            if (text.StartsWith("ref: ", StringComparison.Ordinal) && text.Length < LongestLine && text[5..] != name) return Read(text[5..]);
            // An empty file is what some file systems leave of a write that a power failure cut off.
            if (text.Length > 0) throw new InvalidDataException($"The reference {file} is damaged.");
        }

        return ReadPacked().TryGetValue(name, out var packed) ? packed : null;
    }

    /// <summary>All references below a prefix such as "refs/heads/group/", sorted by name.</summary>
    public IReadOnlyDictionary<string, ObjectId> List(string prefix)
    {
        var found = new SortedDictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var file in Files(Path.Combine(gitDirectory, prefix)))
        {
            if (file.EndsWith(".lock", StringComparison.Ordinal)) continue;
            var name = Path.GetRelativePath(gitDirectory, file);
            if (Read(name) is { } id) found[name] = id;
        }

        // In this order: 'git pack-refs' writes packed-refs before it removes the files.
        foreach (var (name, id) in ReadPacked())
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) found.TryAdd(name, id);
        }

        return found;
    }

    /// <summary>Sets a reference if it still has the expected value (null: does not exist); false if it has not.</summary>
    public bool TryUpdate(string name, ObjectId? expected, ObjectId value)
    {
        var file = Path.Combine(gitDirectory, name);
        using var held = LockNew(file);
        if (Read(name) != expected) return false;
        held.Commit($"{value}\n");
        return true;
    }

    /// <summary>The same, and the file is on the disk before it has its name: after a power failure it has the old value or the new one on every file system.</summary>
    public bool TryUpdateThrough(string name, ObjectId? expected, ObjectId value)
    {
        var file = Path.Combine(gitDirectory, name);
        using var held = LockNew(file);
        if (Read(name) != expected) return false;
        held.CommitThrough($"{value}\n");
        return true;
    }

    /// <summary>Removes a reference, wherever it is stored. Nothing happens if there is none.</summary>
    public void Delete(string name)
    {
        var file = Path.Combine(gitDirectory, name);
        if (!File.Exists(file) && !ReadPacked().ContainsKey(name)) return;
        // As git does: whoever packs it at this moment has packed it before packed-refs can be locked, and cannot once it is.
        using var held = LockNew(file);
        using var packed = Lock(PackedRefs);
        if (ReadPacked().ContainsKey(name)) packed.Commit(WithoutPacked(name));
        File.Delete(file);
    }

    /// <summary>Removes locks that a killed process left; only for one who holds the repository's own lock.</summary>
    public void RemoveStaleLocks(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            // 'git pack-refs' removes directories that it empties.
            var file = Path.Combine(gitDirectory, name + ".lock");
            if (File.Exists(file)) File.Delete(file);
        }
    }

    /// <summary>
    /// The same where a git process that a killed one had started may still be running: waits for a lock until it is gone, or
    /// older than any is that somebody still needs.
    /// </summary>
    public void RemoveAbandonedLocks(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var file = new FileInfo(Path.Combine(gitDirectory, name + ".lock"));
            while (file.Exists)
            {
                if (IsAbandoned(file)) file.Delete();
                else Thread.Sleep(Pause);
                file.Refresh();
            }
        }
    }

    // A reference is one short line: a call to read it, and no buffers. Null where there is no file.
    [SkipLocalsInit]
    private static string? ReadWhole(string file)
    {
        if (!File.Exists(file)) return null;
        Span<byte> line = stackalloc byte[LongestLine];
        try
        {
            using var handle = File.OpenHandle(file);
            return Encoding.UTF8.GetString(line[..RandomAccess.Read(handle, line, 0)]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // 'git pack-refs' has just removed it, and its directory where nothing else was in it.
            return null;
        }
    }

    private static string[] Files(string directory)
    {
        try
        {
            return Directory.Exists(directory) ? Directory.GetFiles(directory, "*", SearchOption.AllDirectories) : [];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static bool IsAbandoned(FileInfo file) => file.Exists && (DateTime.UtcNow - file.LastWriteTimeUtc).Duration() > Abandoned;

    private Dictionary<string, ObjectId> ReadPacked()
    {
        var found = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        if (!File.Exists(PackedRefs)) return found;
        foreach (var line in File.ReadLines(PackedRefs))
        {
            if (line.Length > 41 && line[40] == ' ' && ObjectId.TryParse(line[..40], out var id)) found[line[41..]] = id;
        }

        return found;
    }

    private string WithoutPacked(string name)
    {
        var text = new StringBuilder();
        var dropped = false;
        foreach (var line in File.ReadLines(PackedRefs))
        {
            // A line "^id" belongs to the tag before it.
            if (line.StartsWith('^') && dropped) continue;
            dropped = line.Length > 41 && line.AsSpan(41).SequenceEqual(name);
            if (!dropped) text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    // 'git pack-refs' removes the directories that it empties.
    private static HeldLock LockNew(string file)
    {
        try
        {
            return Lock(file);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return Lock(file);
        }
    }

    private static HeldLock Lock(string file)
    {
        var path = file + ".lock";
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new(file, File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));
            }
            catch (IOException e) when (attempt < Patience && e.HResult == (int)Errno.EEXIST)
            {
                Thread.Sleep(Pause);
            }
            catch (IOException) when (attempt == Patience && IsAbandoned(new(path)))
            {
                // Of a process that was killed.
                File.Delete(path);
            }
            catch (IOException e) when (File.Exists(path))
            {
                throw new IOException($"{path} exists: another git process works on this repository, or one was killed. Remove the file if none runs.", e);
            }
        }
    }

    private sealed class HeldLock(string file, SafeFileHandle handle) : IDisposable
    {
        private bool _renamed;

        public void Commit(string content)
        {
            RandomAccess.Write(handle, Encoding.UTF8.GetBytes(content), 0);
            Rename();
        }

        public void CommitThrough(string content)
        {
            RandomAccess.Write(handle, Encoding.UTF8.GetBytes(content), 0);
            RandomAccess.FlushToDisk(handle);
            Rename();
        }

        private void Rename()
        {
            handle.Dispose();
            File.Move(file + ".lock", file, overwrite: true);
            _renamed = true;
        }

        public void Dispose()
        {
            handle.Dispose();
            if (!_renamed) File.Delete(file + ".lock");
        }
    }
}
