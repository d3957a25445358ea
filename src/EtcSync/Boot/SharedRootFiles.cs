using EtcSync.FileSystem;

namespace EtcSync.Boot;

/// <summary>Files of the shared root that are written from outside. A link on the way would be meant for the clients' system and lead the server elsewhere: it is refused.</summary>
/// <param name="place">Where the shared root is.</param>
internal sealed class SharedRootFiles(string place)
{
    private const int Enterable = 0x1ED; // 0755
    private const int Limit = 16 << 20;

    /// <summary>Where a path below the shared root is.</summary>
    public string Map(string path) => $"{place}/{path}";

    /// <summary>Whether a file is there, as clients would find it.</summary>
    public bool Has(string path)
    {
        if (DirectoryDescriptor.OpenRoot(place, out var root) != OpenOutcome.Opened) return false;
        using (root)
        {
            using var found = root!.ReferInRoot(path);
            return found is not null;
        }
    }

    /// <summary>The content of a file; null where there is none.</summary>
    /// <exception cref="IOException">It is no regular file, or a link is on the way to it.</exception>
    public byte[]? Read(string path)
    {
        RequireNoLink(path);
        var directory = Path.GetDirectoryName(Map(path))!;
        if (DirectoryDescriptor.OpenRoot(directory, out var opened) != OpenOutcome.Opened) return null;
        using (opened)
        {
            return opened!.ReadFile(Path.GetFileName(path), Limit) switch
            {
                ReadOutcome.Content content => content.Bytes,
                ReadOutcome.Vanished => null,
                _ => throw new IOException($"{Map(path)} is no regular file, or changes all the time. EtcSync does not replace it."),
            };
        }
    }

    /// <summary>Writes a file whole; one that is there keeps its owner and, where no mode is given, its mode.</summary>
    public void Write(string path, byte[] content, int? mode)
    {
        RequireNoLink(path);
        var file = Map(path);
        SecureDirectory.CreateAll(Path.GetDirectoryName(file)!, Enterable);
        if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(file)!, out var directory) != OpenOutcome.Opened) throw new IOException($"{Path.GetDirectoryName(file)} is no directory.");
        using (directory)
        {
            var isThere = directory!.TryStatus(Path.GetFileName(path), out var status);
            SecureDirectory.WriteFile(file, content, mode ?? (isThere ? status.Mode : 0x1A4), isThere ? (status.Uid, status.Gid) : null);
        }
    }

    /// <summary>Removes a file.</summary>
    public void Remove(string path)
    {
        RequireNoLink(path);
        File.Delete(Map(path));
    }

    private void RequireNoLink(string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
        {
            if (new FileInfo(Map(path[..end])).LinkTarget is { } target) throw new IOException($"{Map(path[..end])} is a link to {target}. EtcSync does not write through links of the shared root: they are meant for the clients' system.");
        }
    }
}
