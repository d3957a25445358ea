using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using FileAttributes = EtcSync.Core.Applying.FileAttributes;

namespace EtcSync.Core.Drift;

/// <summary>
/// Modes and owners that change everywhere at once: a 'chmod -R' or 'chown -R' that went too far, or a backup that was
/// restored without them. As with files that are gone, that does not become the client's override by itself.
/// </summary>
public static class AttributeLoss
{
    private const int MostNamed = 3;
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Why the client is held; null where few paths changed, or where nobody keeps their modes and owners.</summary>
    public static string? Reason(IObjectReader objects, DriftInput input)
    {
        // What was never as .etckeeper says (an owner that could not be set) is no drift, however many other files changed.
        if (!input.Scan.AttributesDiffer || !TreeDiff.Find(objects, input.Tree, Metadata).Exists) return null;
        var committed = EtckeeperFiles.Of(objects, input.Tree);
        var files = input.Scan.Index.Entries.Where(entry => entry.Mode.IsRegular()).ToDictionary(entry => entry.Path, entry => entry.Mode, StringComparer.Ordinal);
        var (total, changed) = (0, new List<string>());
        foreach (var entry in input.Scan.Entries)
        {
            if (entry.IsIgnored || entry.Path == EtckeeperFile.FileName || Committed(entry) is not { } before) continue;
            total++;
            if (before != new FileAttributes(entry.Mode, entry.OwnerName, entry.GroupName)) changed.Add(entry.Path);
        }

        if (changed.Count <= Math.Max(total * input.Guards.MassLossPercent / 100, input.Guards.MassLossFloor)) return null;
        return $"{changed.Count} of {total} paths have another mode or owner than before ({string.Join(", ", changed.Order(StringComparer.Ordinal).Take(MostNamed))}, …).";

        FileAttributes? Committed(ObservedEntry entry) => entry.Kind switch
        {
            ObservedKind.File when files.TryGetValue(entry.Path, out var mode) => TreeAttributes.OfFile(committed.Find(entry.Path), mode),
            ObservedKind.Directory when committed.Find(entry.Path) is { } record => TreeAttributes.OfDirectory(record),
            _ => null,
        };
    }
}
