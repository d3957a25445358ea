using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Boot;
using EtcSync.FileSystem;

namespace EtcSync.Boot;

/// <summary>
/// Looks at the shared root's boot directory. A client may be allowed to write there (the boot builder), so nothing is opened but regular
/// files, links are followed inside the shared root only, and what is read has bounds.
/// </summary>
internal static class BootDirectoryReader
{
    private const int ReadableByAll = 0x4; // 0004
    private const int EnterableByAll = 0x1; // 0001
    private const int MostFiles = 4096;
    private const string Directory = "boot";
    private static readonly string[] LoaderDirectories = ["efi32", "efi64"];
    private static readonly string[] ModuleDirectories = ["usr/lib/modules", "lib/modules"];

    /// <summary>Where the boot directory is, as the configuration spells it.</summary>
    /// <param name="sharedRoot">The shared root, as the configuration spells it.</param>
    public static string PathIn(string sharedRoot) => $"{sharedRoot}/{Directory}";

    /// <summary>Looks at it; an empty one where it is not there.</summary>
    /// <param name="sharedRoot">The shared root, as the configuration spells it.</param>
    /// <param name="place">Where that is.</param>
    public static BootDirectory Read(string sharedRoot, string place)
    {
        var empty = BootDirectory.Empty(PathIn(sharedRoot));
        if (DirectoryDescriptor.OpenRoot(place, out var root) != OpenOutcome.Opened) return empty;
        using (root)
        {
            var files = new SortedDictionary<string, BootFile>(StringComparer.Ordinal);
            foreach (var directory in LoaderDirectories.Prepend("")) Add(files, root!, place, directory);
            return empty with
            {
                Files = empty.Files.AddRange(files),
                Packaged = empty.Packaged.AddRange(BootLoaders.PackagedPaths.Select(path => KeyValuePair.Create(path, Look(root!, path))).Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))),
                Modules = [.. ModuleDirectories.SelectMany(directory => Modules(root!, place, directory)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            };
        }
    }

    private static void Add(SortedDictionary<string, BootFile> files, DirectoryDescriptor root, string place, string below)
    {
        if (DirectoryDescriptor.OpenRoot(Path.TrimEndingDirectorySeparator(Path.Combine(place, Directory, below)), out var directory) != OpenOutcome.Opened) return;
        using (directory)
        {
            var isOpen = (root.Status().Mode & directory!.Status().Mode & EnterableByAll) != 0;
            foreach (var name in Names(directory))
            {
                var path = below.Length == 0 ? name : $"{below}/{name}";
                if (Look(root, $"{Directory}/{path}") is not { } file) continue;
                var link = directory.ReadLink(name) is ReadOutcome.Content target ? Encoding.UTF8.GetString(target.Bytes) : null;
                files[path] = file with { Link = link, IsReadable = file.IsReadable && isOpen };
            }
        }
    }

    private static BootFile? Look(DirectoryDescriptor root, string path)
    {
        using var reference = root.ReferInRoot(path);
        if (reference?.Status() is not { Kind: FileKind.Regular } status) return null;
        return new(status.Size, (status.Mode & ReadableByAll) != 0)
        {
            KernelVersion = Path.GetFileName(path).StartsWith("vmlinuz", StringComparison.Ordinal) ? Version(reference) : null,
        };
    }

    private static string? Version(FileDescriptor reference)
    {
        try
        {
            using var file = reference.Reopen(OpenFlags.ReadOnly);
            if (file is null) return null;
            var beginning = new byte[KernelImage.HeaderSize];
            return KernelImage.Version(beginning.AsSpan(0, file.Read(beginning)));
        }
        catch (FileSystemException)
        {
            // In a sandbox it may be somebody else's; then its name has to say it.
            return null;
        }
    }

    // What depmod wrote tells modules that can be loaded from a directory that an old kernel left.
    private static IEnumerable<string> Modules(DirectoryDescriptor root, string place, string path)
    {
        if (DirectoryDescriptor.OpenRoot($"{place}/{path}", out var directory) != OpenOutcome.Opened) return [];
        using (directory)
        {
            return [.. Names(directory!).Where(name => HasIndex(root, $"{path}/{name}"))];
        }
    }

    private static bool HasIndex(DirectoryDescriptor root, string path)
    {
        using var index = root.ReferInRoot($"{path}/modules.dep");
        return index is not null;
    }

    private static List<string> Names(DirectoryDescriptor directory)
    {
        var names = new List<string>();
        foreach (var entry in directory.Enumerate())
        {
            if (names.Count == MostFiles) break;
            names.Add(entry.Name);
        }

        return names;
    }
}
