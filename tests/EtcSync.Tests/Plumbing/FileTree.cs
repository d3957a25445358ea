using System.Text;

namespace EtcSync.Tests.Plumbing;

/// <summary>A file of a made-up tree.</summary>
/// <param name="Mode">As git writes it: 100644, 100755 or 120000.</param>
/// <param name="Content">Its content, or the target of the link.</param>
internal sealed record FileEntry(string Mode, byte[] Content)
{
    public const string Plain = "100644";
    public const string Executable = "100755";
    public const string Link = "120000";

    public static FileEntry Text(string content) => new(Plain, Encoding.UTF8.GetBytes(content));
}

/// <summary>Trees that are made up: paths with what stands there. A path never stands below another.</summary>
internal sealed class FileTree
{
    private readonly SortedDictionary<string, FileEntry> _files = new(StringComparer.Ordinal);

    public FileTree()
    {
    }

    public FileTree(IEnumerable<KeyValuePair<string, FileEntry>> files)
    {
        foreach (var (path, file) in files) _files[path] = file;
    }

    public IReadOnlyDictionary<string, FileEntry> Files => _files;

    public FileTree Copy() => new(_files);

    /// <summary>Puts a file there; what cannot stand beside it goes.</summary>
    public FileTree Set(string path, FileEntry file)
    {
        foreach (var other in _files.Keys.Where(other => IsBelow(other, path) || IsBelow(path, other)).ToList()) _files.Remove(other);
        _files[path] = file;
        return this;
    }

    public FileTree Set(string path, string text) => Set(path, FileEntry.Text(text));

    public FileTree Remove(string path)
    {
        _files.Remove(path);
        return this;
    }

    public override string ToString() => string.Join("\n", _files.Select(file => $"    {file.Value.Mode} {file.Key} \"{Encoding.Latin1.GetString(file.Value.Content).ReplaceLineEndings("\\n").Replace("\0", "\\0", StringComparison.Ordinal)}\""));

    private static bool IsBelow(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);
}
