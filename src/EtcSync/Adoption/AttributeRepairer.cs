using EtcSync.Core.Adoption;
using EtcSync.Core.Paths;
using EtcSync.FileSystem;
using EtcSync.WorkTrees;

namespace EtcSync.Adoption;

/// <summary>
/// Gives files and directories of a live work tree the modes and owners that were lost. Contents are not touched, so a file
/// keeps its inode and whoever has it open notices nothing.
/// </summary>
internal static class AttributeRepairer
{
    /// <summary>Carries a repair out; what changed since it was planned is left as it is.</summary>
    /// <param name="root">The top of the work tree.</param>
    /// <param name="plan">What was lost.</param>
    /// <param name="ownership">Whose the files are.</param>
    public static void Run(DirectoryDescriptor root, AttributeRepairPlan plan, Ownership ownership)
    {
        // A directory is closed only after what is in it was reached; we are root, but a sandbox's user is not.
        foreach (var lost in plan.Lost.OrderByDescending(lost => lost.Path, StringComparer.Ordinal)) Repair(root, lost, ownership);
        foreach (var directory in plan.MissingDirectories)
        {
            if (RepoPath.TryParse(directory, out var path)) WorkTreeBuilder.MakeRecordedDirectory(root, path, plan.Recorded, ownership);
        }
    }

    private static void Repair(DirectoryDescriptor root, LostAttributes lost, Ownership ownership)
    {
        if (lost.Path == ".")
        {
            Owners.Set(root, ownership, lost.Wanted, replaced: null);
            return;
        }

        if (!RepoPath.TryParse(lost.Path, out var path)) return;
        var directory = root;
        if (path.Parent is { } parent && root.OpenDirectory(parent.Value, out directory) != OpenOutcome.Opened) return;
        try
        {
            if (directory!.OpenReference(path.Name, out var file) != OpenOutcome.Opened) return;
            using (file)
            {
                var status = file!.Status();
                // A file with another name may be one that this client has no business with.
                var isMeant = lost.IsDirectory ? status.Kind == FileKind.Directory : status is { Kind: FileKind.Regular, LinkCount: 1 };
                if (isMeant && status.Mode == lost.Seen.Mode) Owners.Set(file, ownership, lost.Wanted, replaced: null);
            }
        }
        finally
        {
            if (!ReferenceEquals(directory, root)) directory?.Dispose();
        }
    }
}
