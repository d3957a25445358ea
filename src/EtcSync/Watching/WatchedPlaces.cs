using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using EtcSync.FileSystem;

namespace EtcSync.Watching;

/// <summary>The directories in which commits to upstream and edits of the configuration show, and what they look like.</summary>
internal sealed class WatchedPlaces(string gitDirectory, ImmutableArray<string> configurationDirectories)
{
    private static readonly EnumerationOptions OneLevel = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private static readonly EnumerationOptions AllLevels = new()
    {
        // A link to a directory is no branch, and could lead in circles.
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
        RecurseSubdirectories = true,
    };

    private string BranchDirectory => Path.Combine(gitDirectory, "refs", "heads");

    /// <summary>Whether a file below refs/heads is a branch: git writes NAME.lock and renames it, and no branch may be called so.</summary>
    public static bool IsBranchFile(string name) => !name.EndsWith(".lock", StringComparison.Ordinal);

    /// <summary>Whether a file is one that the configuration is read from, and not an editor's own.</summary>
    public static bool IsConfigurationFile(string name) =>
        name[0] != '.' && (name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal));

    /// <summary>The git directory, if it is there.</summary>
    public IEnumerable<string> Top() => Existing([gitDirectory]);

    /// <summary>Its directory of references, if it is there.</summary>
    public IEnumerable<string> References() => Existing([Path.Combine(gitDirectory, "refs")]);

    /// <summary>The directory of branches and all below it: names of branches may hold slashes.</summary>
    public ImmutableArray<string> Branches()
    {
        try
        {
            return Directory.Exists(BranchDirectory)
                ? [BranchDirectory, .. Directory.EnumerateDirectories(BranchDirectory, "*", AllLevels)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is being changed while we look, which brings us here again.
            return [];
        }
    }

    /// <summary>The directories of the configuration that are there.</summary>
    public IEnumerable<string> Configuration() => Existing(configurationDirectories);

    /// <summary>A text that is another one when something has changed that counts.</summary>
    public string Appearance(UpstreamChange change)
    {
        try
        {
            return string.Join('\n', Files(change).Order(StringComparer.Ordinal).Select(Describe));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> Existing(ImmutableArray<string> directories) => directories.Where(Directory.Exists);

    private List<string> Files(UpstreamChange change)
    {
        var files = new List<string>();
        if (change == UpstreamChange.Repository)
        {
            files.Add(Path.Combine(gitDirectory, "HEAD"));
            files.Add(Path.Combine(gitDirectory, "packed-refs"));
            AddFiles(files, BranchDirectory, AllLevels, IsBranchFile);
        }
        else
        {
            foreach (var directory in configurationDirectories) AddFiles(files, directory, OneLevel, IsConfigurationFile);
        }

        return files;
    }

    private static void AddFiles(List<string> files, string directory, EnumerationOptions options, Func<string, bool> counts)
    {
        if (Directory.Exists(directory)) files.AddRange(Directory.EnumerateFiles(directory, "*", options).Where(file => counts(Path.GetFileName(file))));
    }

    /// <summary>Where it is a link, what it leads to counts: people keep their configuration in many ways.</summary>
    [SkipLocalsInit]
    private static string Describe(string file)
    {
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        if (Libc.Statx(AtFlags.WorkingDirectory, in NativeText.Path(file, buffer)[0], AtFlags.NoAutomount, StatxBuffer.BasicStatistics, out var raw) != 0)
            return $"{file} -";
        var status = FileStatus.From(in raw);
        var text = new StringBuilder(file);
        return text.Append(CultureInfo.InvariantCulture, $" {status.Device} {status.Inode} {status.Size} {status.CTime.Seconds}.{status.CTime.Nanoseconds}").ToString();
    }
}
