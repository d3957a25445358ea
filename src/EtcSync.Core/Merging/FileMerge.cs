using EtcSync.Core.Git;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>What came of merging the three versions of one path.</summary>
public abstract record FileMergeResult
{
    private FileMergeResult()
    {
    }

    /// <summary>The merged version.</summary>
    public sealed record Merged(FileVersion Version) : FileMergeResult;

    /// <summary>No answer.</summary>
    public sealed record Disputed(ConflictKind Kind, string Reason) : FileMergeResult;
}

/// <summary>
/// Three versions of one path, merged as git's merge-ort does without rename detection: by identity first, then mode
/// and content each on its own.
/// </summary>
public static class FileMerge
{
    private const string NotText = "Both sides changed it, and it is not text.";

    /// <summary>Merges; new content goes to <paramref name="objects"/>.</summary>
    public static FileMergeResult Merge(ObjectOverlay objects, FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        if (client == upstream || ancestor == upstream) return new FileMergeResult.Merged(client);
        if (ancestor == client) return new FileMergeResult.Merged(upstream);
        if (!client.Exists) return new FileMergeResult.Disputed(ConflictKind.DeletedByClient, "The client deleted it, and upstream changed it.");
        if (!upstream.Exists) return new FileMergeResult.Disputed(ConflictKind.DeletedByUpstream, "The client changed it, and upstream deleted it.");
        if (client.Mode == EntryMode.GitLink || upstream.Mode == EntryMode.GitLink) return new FileMergeResult.Disputed(ConflictKind.Unsupported, "It is a nested repository.");
        if (client.Mode.IsRegular() != upstream.Mode.IsRegular())
        {
            return new FileMergeResult.Disputed(ConflictKind.Type, $"The client made it {Describe(client.Mode)}, and upstream made it {Describe(upstream.Mode)}.");
        }

        if (client.Mode.IsRegular()) return MergeRegular(objects, ancestor, client, upstream);
        return new FileMergeResult.Disputed(ancestor.Exists ? ConflictKind.Binary : ConflictKind.BothAdded, "Both sides point the symbolic link elsewhere.");
    }

    private static FileMergeResult MergeRegular(ObjectOverlay objects, FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        EntryMode mode;
        if (client.Mode == upstream.Mode || client.Mode == ancestor.Mode) mode = upstream.Mode;
        else if (upstream.Mode == ancestor.Mode) mode = client.Mode;
        else return new FileMergeResult.Disputed(ConflictKind.Attribute, "One side made it executable and the other did not.");

        if (client.Id == upstream.Id || client.Id == ancestor.Id) return new FileMergeResult.Merged(new(mode, upstream.Id));
        if (upstream.Id == ancestor.Id) return new FileMergeResult.Merged(new(mode, client.Id));

        var (ours, theirs) = (objects.ReadBlob(client.Id), objects.ReadBlob(upstream.Id));
        // A link that both sides made a file has no lines that they could share.
        var common = ancestor.Mode.IsRegular() ? objects.ReadBlob(ancestor.Id) : [];
        // Where one side added an empty file, and the other one that is not text, neither can be said to be unchanged.
        if (!ancestor.Mode.IsRegular() && (TextMerge.IsBinary(ours) || TextMerge.IsBinary(theirs))) return new FileMergeResult.Disputed(ConflictKind.Binary, NotText);
        return TextMerge.Merge(common, ours, theirs) switch
        {
            TextMergeResult.Clean clean => new FileMergeResult.Merged(new(mode, objects.AddBlob(clean.Content))),
            TextMergeResult.Binary => new FileMergeResult.Disputed(ConflictKind.Binary, NotText),
            TextMergeResult.Conflict when !ancestor.Exists => new FileMergeResult.Disputed(ConflictKind.BothAdded, "Both sides added it, with different content."),
            TextMergeResult.Conflict conflict => new FileMergeResult.Disputed(ConflictKind.Content, DescribeRegions(conflict)),
            var other => throw new InvalidOperationException($"A text merge gave a {other.GetType().Name}."),
        };
    }

    private static string DescribeRegions(TextMergeResult.Conflict conflict)
    {
        var places = conflict.Regions.Select(region => region.Ours.Count == 0
            ? $"after line {region.Ours.Start}"
            : region.Ours.Count == 1 ? $"line {region.Ours.Start + 1}" : $"lines {region.Ours.Start + 1}-{region.Ours.Start + region.Ours.Count}").ToList();
        var shown = places.Count > 3 ? string.Join(", ", places.Take(3)) + $" and {places.Count - 3} more" : string.Join(", ", places);
        return $"Both sides changed the same lines ({shown} as it stands).";
    }

    private static string Describe(EntryMode mode) => mode switch
    {
        EntryMode.SymbolicLink => "a symbolic link",
        EntryMode.Directory => "a directory",
        EntryMode.GitLink => "a nested repository",
        _ => "a file",
    };
}
