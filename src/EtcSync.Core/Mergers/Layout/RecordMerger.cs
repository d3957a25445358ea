using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>Merges files that are lists of records: each record on its own, then their layout.</summary>
internal sealed class RecordMerger(string name, RecordFormat format) : IContentMerger
{
    private const string FileName = "file";
    private const string Misplaced = "Records of one side would come to stand where they mean something else.";

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ContentMergeResult Merge(ContentVersions versions, RecordArbiter arbiter)
    {
        if (ThreeFiles.Read(versions, format, out var reason) is not { } files) return new ContentMergeResult.NotUnderstood(reason!);
        if (format.FindDoubt(files) is { } doubt) return new ContentMergeResult.NotUnderstood(doubt);
        var disputes = new DisputeList(arbiter);
        var records = new RecordMerge(files, format, disputes).Run();
        var content = new LayoutMerge(files, format, records, disputes).Run(Write);
        if (disputes.Open.Length > 0) return new ContentMergeResult.Disputed(disputes.Open);
        if (content is not null) return new ContentMergeResult.Merged(content);
        // The merge by line would put them there without a word, and knows nothing of answers about records.
        return Whole(versions, disputes);

        // What is open has nothing to say yet.
        byte[]? Write(IReadOnlyList<string> texts) => !disputes.Open.IsEmpty ? [] : LayoutWriter.Write(files, texts) is var written && Says(written, records) ? written : null;
    }

    private ContentMergeResult Whole(ContentVersions versions, DisputeList disputes)
    {
        var dispute = new RecordDispute(FileName, $"{Misplaced} It can be settled as a whole file.", versions.Base, versions.Client, versions.Upstream);
        switch (disputes.Ask(dispute))
        {
            case DisputeAnswer.Take take:
                return new ContentMergeResult.Merged(dispute.Version(take.Side) ?? []);
            case DisputeAnswer.Replace replace when RecordFile.Read(FileLines.Of(replace.Content), format, out _) is not null:
                return new ContentMergeResult.Merged(replace.Content);
            case DisputeAnswer.Replace:
                disputes.Refuse(dispute, "The file that it was settled with is not of its kind.");
                break;
        }

        return new ContentMergeResult.Disputed(disputes.Open);
    }

    // Where a record's meaning comes from the lines around it, the order of two versions may not go together.
    private bool Says(byte[] content, IReadOnlyDictionary<string, ImmutableArray<string>> records) =>
        RecordFile.Read(FileLines.Of(content), format, out _) is { } file
        && file.Keys.All(records.ContainsKey)
        && records.All(record => Says(file[record.Key], record.Value));

    // An answer may have come with comments above its records.
    private static bool Says(ImmutableArray<string> read, ImmutableArray<string> merged) =>
        read.AsSpan().SequenceEqual(merged.AsSpan())
        || (read.Length == merged.Length && read.Zip(merged).All(pair => WithoutReturns(pair.Second).EndsWith(WithoutReturns(pair.First), StringComparison.Ordinal)));

    private static string WithoutReturns(string text) => text.Replace("\r", "", StringComparison.Ordinal);
}
