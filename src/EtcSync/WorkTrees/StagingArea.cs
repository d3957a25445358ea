using System.Security.Cryptography;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>
/// Where new files are made before they are swapped in, and where swapped-out ones wait: a directory of root's alone, on
/// the work tree's file system and outside the export, so that the client sees neither half-made files nor leftovers.
/// Only where the work tree is a mount of its own is it inside.
/// </summary>
internal sealed class StagingArea : IDisposable
{
    /// <summary>The directory's name inside a work tree that is a mount of its own.</summary>
    public const string InnerName = ".etcsync";

    private const string OuterName = ".etcsync";
    private const string KeptName = "kept";

    private StagingArea(DirectoryDescriptor directory, DirectoryDescriptor kept) => (Directory, Kept) = (directory, kept);

    /// <summary>New files, under <see cref="NameOf"/> of their path.</summary>
    public DirectoryDescriptor Directory { get; }

    /// <summary>Files that were swapped out, until they have been looked at once more.</summary>
    public DirectoryDescriptor Kept { get; }

    /// <summary>Opens the area of a client beside the work trees, making it if need be.</summary>
    public static StagingArea OpenOutside(DirectoryDescriptor parent, ClientName client)
    {
        using var all = Make(parent, OuterName);
        return Open(all, client.ToString());
    }

    /// <summary>Opens the area inside a work tree.</summary>
    public static StagingArea OpenInside(DirectoryDescriptor tree) => Open(tree, InnerName);

    /// <summary>What a client's area beside the work trees keeps; null where there is no area yet.</summary>
    public static DirectoryDescriptor? FindKept(DirectoryDescriptor parent, ClientName client) => Find(parent, $"{OuterName}/{client}/{KeptName}");

    /// <summary>What the area inside a work tree keeps; null where there is no area yet.</summary>
    public static DirectoryDescriptor? FindKeptInside(DirectoryDescriptor tree) => Find(tree, $"{InnerName}/{KeptName}");

    /// <summary>Opens the directory beside the work trees in which new ones are made.</summary>
    public static DirectoryDescriptor OpenNursery(DirectoryDescriptor parent) => Make(parent, OuterName);

    /// <summary>The name under which a path is staged: the same every time, so that a crash leaves nothing unknown.</summary>
    public static string NameOf(RepoPath path) => Convert.ToHexStringLower(SHA1.HashData(GitName.Encode(path.Value)).AsSpan(0, 16));

    /// <summary>The name under which a directory is made: another than that of a file, which may have stood in its place.</summary>
    public static string DirectoryNameOf(RepoPath path) => "d-" + NameOf(path);

    /// <summary>Whether a name is one of <see cref="DirectoryNameOf"/>.</summary>
    public static bool IsDirectoryName(string name) => name.Length == 34 && name.StartsWith("d-", StringComparison.Ordinal);

    /// <summary>The name under which a swapped-out version of a path is kept from a moment on.</summary>
    public static string KeptNameOf(RepoPath path, FileVersion version, DateTimeOffset since) =>
        $"{since.ToUnixTimeSeconds()}-{(version.Mode == EntryMode.Executable ? 'x' : 'f')}{version.Id}-{NameOf(path)}";

    /// <inheritdoc/>
    public void Dispose()
    {
        Kept.Dispose();
        Directory.Dispose();
    }

    private static StagingArea Open(DirectoryDescriptor parent, string name)
    {
        var directory = Make(parent, name);
        try
        {
            return new(directory, Make(directory, KeptName));
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static DirectoryDescriptor? Find(DirectoryDescriptor from, string path) => from.OpenDirectory(path, out var found) == OpenOutcome.Opened ? found : null;

    private static DirectoryDescriptor Make(DirectoryDescriptor parent, string name)
    {
        if (parent.OpenDirectory(name, out var directory) == OpenOutcome.Opened) return directory!;
        parent.CreateDirectory(name);
        var outcome = parent.OpenDirectory(name, out directory);
        return outcome == OpenOutcome.Opened ? directory! : throw new IOException($"{parent.Path}/{name} is not a directory that EtcSync can use ({outcome}). Remove it.");
    }
}
