using EtcSync.Core.Policies;
using EtcSync.FileSystem;

namespace EtcSync.Checks;

/// <summary>A program of the shared root, found as a client would find it: links in it lead to places in the shared root, never in the server's.</summary>
/// <param name="Path">Its path as a client sees it.</param>
/// <param name="Identity">Another one for every other program, or version of it.</param>
internal sealed record SharedRootProgram(string Path, string Identity)
{
    /// <summary>The directories in which programs are looked for, as a client's root has them in its PATH.</summary>
    public const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const int AnyExecute = 0x49; // 0111

    /// <summary>Finds the program of a check.</summary>
    /// <returns>Null where the shared root has none, or is not there.</returns>
    public static SharedRootProgram? Find(string root, CheckCommand command)
    {
        if (DirectoryDescriptor.OpenRoot(root, out var opened) != OpenOutcome.Opened) return null;
        using (opened)
        {
            var candidates = command.Program.Contains('/', StringComparison.Ordinal)
                ? [command.Program.StartsWith('/') ? command.Program : "/" + command.Program]
                : SearchPath.Split(':').Select(directory => $"{directory}/{command.Program}");
            return candidates.Select(path => Look(opened!, path)).FirstOrDefault(found => found is not null);
        }
    }

    private static SharedRootProgram? Look(DirectoryDescriptor root, string path)
    {
        using var file = root.ReferInRoot(path);
        if (file is null) return null;
        var status = file.Status();
        return status.Kind == FileKind.Regular && (status.Mode & AnyExecute) != 0
            ? new(path, $"{status.Device}:{status.Inode}:{status.Size}:{status.CTime.Seconds}.{status.CTime.Nanoseconds}")
            : null;
    }
}
