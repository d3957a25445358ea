using System.Collections.Immutable;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using FileAttributes = EtcSync.Core.Applying.FileAttributes;

namespace EtcSync.Core.Adoption;

/// <summary>A file or directory whose mode or owner was lost, and what it had.</summary>
/// <param name="Path">The path; "." for the top.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Seen">What it has now.</param>
/// <param name="Wanted">What .etckeeper says.</param>
public sealed record LostAttributes(string Path, bool IsDirectory, FileAttributes Seen, FileAttributes Wanted);

/// <summary>What is to be repaired in a work tree that plain git wrote.</summary>
/// <param name="Lost">Modes and owners, by path.</param>
/// <param name="MissingDirectories">Empty directories that git did not make, parents before children.</param>
/// <param name="Recorded">The .etckeeper that says so: the branch's, without what was lost before it was committed.</param>
public sealed record AttributeRepairPlan(ImmutableArray<LostAttributes> Lost, ImmutableArray<string> MissingDirectories, EtckeeperFile Recorded);

/// <summary>
/// Tells a mode that git lost from one that somebody set. Git keeps of a file only whether it is executable, and gives all
/// files to root with the modes of a umask: only what looks like that, and is recorded otherwise, was lost. Pure.
/// </summary>
public static class AttributeRepair
{
    // 022 is everybody's default; of the others each is some distribution's or hardening guide's.
    private static readonly int[] Umasks = [0x12, 0x02, 0x17, 0x07, 0x3F];
    private const int FewestLost = 3;
    private const int DefaultUmask = 0x12;
    private const int AnyFile = 0x1B6; // 0666
    private const int Anything = 0x1FF; // 0777

    /// <summary>Plans the repair.</summary>
    /// <param name="branch">What the client's last commit says of modes and owners.</param>
    /// <param name="ancestor">What upstream's commit says from which the client went its own way.</param>
    /// <param name="tracked">The tracked files and their kinds.</param>
    /// <param name="seen">The work tree; nothing where it differs in nothing.</param>
    public static AttributeRepairPlan Plan(EtckeeperFile branch, EtckeeperFile ancestor, IReadOnlyDictionary<string, EntryMode> tracked, IReadOnlyCollection<ObservedEntry> seen)
    {
        var recorded = WithoutLoss(branch, ancestor, tracked);
        if (seen.Count == 0) return new([], [], recorded);
        var umask = UmaskOf(tracked, seen);
        var lost = new List<LostAttributes>();
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in seen)
        {
            present.Add(entry.Path);
            if (entry.Kind == ObservedKind.SymbolicLink || entry.Path == EtckeeperFile.FileName) continue;
            var isDirectory = entry.Kind == ObservedKind.Directory;
            var mode = tracked.GetValueOrDefault(entry.Path);
            if ((isDirectory && recorded.Find(entry.Path) is null) || (!isDirectory && !mode.IsRegular())) continue;
            var wanted = isDirectory ? TreeAttributes.OfDirectory(recorded.Find(entry.Path)) : TreeAttributes.OfFile(recorded.Find(entry.Path), mode);
            var now = new FileAttributes(entry.Mode, entry.OwnerName, entry.GroupName);
            // Each by itself: who ran 'chmod 640 shadow' after the clone did not bring its group back.
            var repaired = new FileAttributes(
                now.Mode == Written(isDirectory, mode, umask) ? wanted.Mode : now.Mode,
                now.Owner ?? wanted.Owner,
                now.Group ?? wanted.Group);
            if (repaired != now) lost.Add(new(entry.Path, isDirectory, now, repaired));
        }

        return new(
            [.. lost.OrderBy(one => one.Path, StringComparer.Ordinal)],
            [.. recorded.EmptyDirectories.Where(path => !present.Contains(path)).Order(StringComparer.Ordinal)],
            recorded);
    }

    // An etckeeper that committed in a fresh clone has written down what git had made of the modes. That is seen by its extent:
    // a person changes some modes, such a commit forgets most of those that are anything special.
    private static EtckeeperFile WithoutLoss(EtckeeperFile branch, EtckeeperFile ancestor, IReadOnlyDictionary<string, EntryMode> tracked)
    {
        if (ReferenceEquals(branch, ancestor)) return branch;
        var special = ancestor.Records.Where(record => IsSpecial(record, tracked) && branch.Find(record.Path) is not null).Select(record => record.Path).ToList();
        var forgotten = special.Where(path => !IsSpecial(branch.Find(path)!, tracked)).ToHashSet(StringComparer.Ordinal);
        return forgotten.Count >= FewestLost && forgotten.Count * 2 > special.Count ? branch.WithRecordsFrom(ancestor, forgotten) : branch;
    }

    private static bool IsSpecial(EtckeeperRecord record, IReadOnlyDictionary<string, EntryMode> tracked)
    {
        if (record is not { Owner: null, Group: null }) return true;
        var isFile = tracked.TryGetValue(record.Path, out var mode);
        return record.Mode is { } bits && bits != Written(!isFile, mode, DefaultUmask);
    }

    private static int Written(bool isDirectory, EntryMode mode, int umask) => (isDirectory || mode == EntryMode.Executable ? Anything : AnyFile) & ~umask;

    // The umask under which most of the files have the modes that git would have given them.
    private static int UmaskOf(IReadOnlyDictionary<string, EntryMode> tracked, IReadOnlyCollection<ObservedEntry> seen)
    {
        var files = seen.Where(entry => entry.Kind == ObservedKind.File && tracked.TryGetValue(entry.Path, out var mode) && mode.IsRegular()).ToList();
        return Umasks.MaxBy(umask => files.Count(entry => entry.Mode == Written(isDirectory: false, tracked[entry.Path], umask)));
    }
}
