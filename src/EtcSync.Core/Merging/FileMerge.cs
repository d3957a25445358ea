using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>What came of merging the three versions of one path.</summary>
public abstract record FileMergeResult
{
    private FileMergeResult()
    {
    }

    /// <summary>What people should know: that the file was not understood and merged as text. Null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The merged version.</summary>
    public sealed record Merged(FileVersion Version) : FileMergeResult
    {
        /// <summary>Disputes that were settled on the way.</summary>
        public ImmutableArray<Settlement> Settled { get; init; } = [];
    }

    /// <summary>No answer.</summary>
    public sealed record Disputed(ConflictKind Kind, string Reason) : FileMergeResult
    {
        /// <summary>The records in dispute; empty where it is the path as a whole.</summary>
        public ImmutableArray<RecordDispute> Records { get; init; } = [];
    }
}

/// <summary>
/// Three versions of one path. First by identity; then mode and content each on its own, the content by its kind's merger where
/// policy names one, else by line as git's merge-ort does without rename detection.
/// </summary>
public sealed class FileMerge
{
    private const string NotText = "Both sides changed it, and it is not text.";
    private const string NotTextAdded = "Both sides added it, and it is not text.";

    private readonly ObjectOverlay _objects;
    private readonly RepoPath _path;
    private readonly IContentMerger? _merger;
    private readonly Arbiter _arbiter;

    private FileMerge(ObjectOverlay objects, RepoPath path, IContentMerger? merger, Arbiter arbiter) => (_objects, _path, _merger, _arbiter) = (objects, path, merger, arbiter);

    /// <summary>Merges by line, and settles nothing; new content goes to <paramref name="objects"/>.</summary>
    public static FileMergeResult Merge(ObjectOverlay objects, FileVersion ancestor, FileVersion client, FileVersion upstream) =>
        new FileMerge(objects, default!, null, Arbiter.Silent).Merge(ancestor, client, upstream);

    /// <summary>Merges; new content goes to <paramref name="objects"/>.</summary>
    /// <param name="objects">Where the versions are.</param>
    /// <param name="path">The path.</param>
    /// <param name="ancestor">What both sides started from.</param>
    /// <param name="client">The client's version.</param>
    /// <param name="upstream">Upstream's version.</param>
    /// <param name="merger">The merger of the file's kind; null for the merge by line.</param>
    /// <param name="arbiter">Answers disputes.</param>
    public static FileMergeResult Merge(
        ObjectOverlay objects, RepoPath path, FileVersion ancestor, FileVersion client, FileVersion upstream, IContentMerger? merger, Arbiter arbiter) =>
        new FileMerge(objects, path, merger, arbiter).Merge(ancestor, client, upstream);

    private FileMergeResult Merge(FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        if (client == upstream || ancestor == upstream) return new FileMergeResult.Merged(client);
        if (ancestor == client) return new FileMergeResult.Merged(upstream);
        return MergeBothChanged(ancestor, client, upstream) switch
        {
            FileMergeResult.Disputed { Records.IsEmpty: true } disputed => Settle(disputed, ancestor, client, upstream),
            var result => result,
        };
    }

    private FileMergeResult MergeBothChanged(FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        if (!client.Exists) return new FileMergeResult.Disputed(ConflictKind.DeletedByClient, "The client deleted it, and upstream changed it.");
        if (!upstream.Exists) return new FileMergeResult.Disputed(ConflictKind.DeletedByUpstream, "The client changed it, and upstream deleted it.");
        if (client.Mode == EntryMode.GitLink || upstream.Mode == EntryMode.GitLink) return new FileMergeResult.Disputed(ConflictKind.Unsupported, "It is a nested repository.");
        if (client.Mode.IsRegular() != upstream.Mode.IsRegular())
        {
            return new FileMergeResult.Disputed(ConflictKind.Type, $"The client made it {Describe(client.Mode)}, and upstream made it {Describe(upstream.Mode)}.");
        }

        if (client.Mode.IsRegular()) return MergeRegular(ancestor, client, upstream);
        return new FileMergeResult.Disputed(ancestor.Exists ? ConflictKind.Binary : ConflictKind.BothAdded, "Both sides point the symbolic link elsewhere.");
    }

    private FileMergeResult MergeRegular(FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        if (ModeOf(ancestor, client, upstream) is not { } mode) return new FileMergeResult.Disputed(ConflictKind.Attribute, "One side made it executable and the other did not.");
        if (client.Id == upstream.Id || client.Id == ancestor.Id) return new FileMergeResult.Merged(new(mode, upstream.Id));
        if (upstream.Id == ancestor.Id) return new FileMergeResult.Merged(new(mode, client.Id));

        var (ours, theirs) = (_objects.ReadBlob(client.Id), _objects.ReadBlob(upstream.Id));
        // A link that both sides made a file has no lines that they could share.
        var common = ancestor.Mode.IsRegular() ? _objects.ReadBlob(ancestor.Id) : null;
        if (_merger is null) return MergeText(mode, common, ours, theirs);
        var settled = ImmutableArray.CreateBuilder<Settlement>();
        switch (_merger.Merge(new(common, ours, theirs), Answer))
        {
            case ContentMergeResult.Merged merged:
                return new FileMergeResult.Merged(new(mode, _objects.AddBlob(merged.Content))) { Settled = settled.ToImmutable() };
            case ContentMergeResult.Disputed disputed:
                return new FileMergeResult.Disputed(common is null ? ConflictKind.BothAdded : ConflictKind.Content, DescribeRecords(disputed.Records)) { Records = disputed.Records };
            case ContentMergeResult.NotUnderstood unknown:
                return MergeText(mode, common, ours, theirs) with { Note = $"It was merged as text, because it was not understood as {_merger.Name}: {unknown.Reason}" };
            default:
                throw new InvalidOperationException($"The merger {_merger.Name} gave an unknown result.");
        }

        DisputeAnswer? Answer(RecordDispute dispute)
        {
            if (_arbiter.Settle(DisputeKey.Of(_path, dispute)) is not { } found) return null;
            settled.Add(found);
            return found.Answer;
        }
    }

    private FileMergeResult MergeText(EntryMode mode, byte[]? common, byte[] ours, byte[] theirs)
    {
        // Where one side added an empty file, and the other one that is not text, neither can be said to be unchanged.
        if (common is null && (TextMerge.IsBinary(ours) || TextMerge.IsBinary(theirs))) return new FileMergeResult.Disputed(ConflictKind.Binary, NotTextAdded);
        return TextMerge.Merge(common ?? [], ours, theirs) switch
        {
            TextMergeResult.Clean clean => new FileMergeResult.Merged(new(mode, _objects.AddBlob(clean.Content))),
            TextMergeResult.Binary => new FileMergeResult.Disputed(ConflictKind.Binary, NotText),
            TextMergeResult.Conflict when common is null => new FileMergeResult.Disputed(ConflictKind.BothAdded, "Both sides added it, with different content."),
            TextMergeResult.Conflict conflict => new FileMergeResult.Disputed(ConflictKind.Content, DescribeRegions(conflict)),
            var other => throw new InvalidOperationException($"A text merge gave a {other.GetType().Name}."),
        };
    }

    // Null where the two sides dispute it.
    private static EntryMode? ModeOf(FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        if (client.Mode == upstream.Mode || client.Mode == ancestor.Mode) return upstream.Mode;
        return upstream.Mode == ancestor.Mode ? client.Mode : null;
    }

    private FileMergeResult Settle(FileMergeResult.Disputed disputed, FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        if (disputed.Kind == ConflictKind.Unsupported || _arbiter.Settle(DisputeKey.Of(_path, ancestor, client, upstream)) is not { } found) return disputed;
        return new FileMergeResult.Merged(Answered(disputed.Kind, found.Answer, ancestor, client, upstream)) { Settled = [found], Note = disputed.Note };
    }

    private FileVersion Answered(ConflictKind kind, DisputeAnswer answer, FileVersion ancestor, FileVersion client, FileVersion upstream)
    {
        if (answer is DisputeAnswer.Replace replace)
        {
            var mode = ModeOf(ancestor, client, upstream) is { } merged && merged.IsRegular() ? merged : client.Mode.IsRegular() ? client.Mode : EntryMode.File;
            return new(mode, _objects.AddBlob(replace.Content));
        }

        var side = ((DisputeAnswer.Take)answer).Side;
        var version = side switch { DisputeSide.Base => ancestor, DisputeSide.Client => client, _ => upstream };
        if (kind is not (ConflictKind.Content or ConflictKind.BothAdded or ConflictKind.Attribute) || !client.Mode.IsRegular() || !upstream.Mode.IsRegular() || !version.Mode.IsRegular()) return version;
        // What is not in dispute is merged all the same.
        var common = ancestor.Mode.IsRegular() ? _objects.ReadBlob(ancestor.Id) : [];
        var (ours, theirs) = (_objects.ReadBlob(client.Id), _objects.ReadBlob(upstream.Id));
        if (TextMerge.IsBinary(common) || TextMerge.IsBinary(ours) || TextMerge.IsBinary(theirs)) return version;
        var content = TextMerge.Settle(common, ours, theirs, side switch { DisputeSide.Base => TextSide.Ancestor, DisputeSide.Client => TextSide.Ours, _ => TextSide.Theirs });
        return new(ModeOf(ancestor, client, upstream) ?? version.Mode, _objects.AddBlob(content));
    }

    /// <summary>Records in dispute, as a sentence.</summary>
    internal static string DescribeRecords(ImmutableArray<RecordDispute> records)
    {
        if (records is [var only]) return $"{only.Record}: {only.Reason}";
        var names = string.Join(", ", records.Take(3).Select(record => record.Record)) + (records.Length > 3 ? $" and {records.Length - 3} more" : "");
        return $"Both sides changed {records.Length} records in ways that do not fit together: {names}.";
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
