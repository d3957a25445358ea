using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>Merges files that are lists of records: each record on its own, then their layout.</summary>
internal sealed class RecordMerger(string name, RecordFormat format) : IContentMerger
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ContentMergeResult Merge(ContentVersions versions, RecordArbiter arbiter)
    {
        if (ThreeFiles.Read(versions, format, out var reason) is not { } files) return new ContentMergeResult.NotUnderstood(reason!);
        if (format.FindDoubt(files) is { } doubt) return new ContentMergeResult.NotUnderstood(doubt);
        var disputes = new DisputeList(arbiter);
        var records = new RecordMerge(files, format, disputes).Run();
        var texts = new LayoutMerge(files, format, records, disputes).Run();
        if (disputes.Open.Length > 0) return new ContentMergeResult.Disputed(disputes.Open);
        var content = LayoutWriter.Write(files, texts);
        return Says(content, records) ? new ContentMergeResult.Merged(content) : new ContentMergeResult.NotUnderstood("Records of one side would come to stand where they mean something else.");
    }

    // Where a record's meaning comes from the lines around it, the order of two versions may not go together.
    private bool Says(byte[] content, IReadOnlyDictionary<string, ImmutableArray<string>> records) =>
        RecordFile.Read(FileLines.Of(content), format, out _) is { } file
        && file.Keys.All(records.ContainsKey)
        && records.All(record => Says(file[record.Key], record.Value));

    // An answer may have come with comments above its records.
    private static bool Says(ImmutableArray<string> read, ImmutableArray<string> merged) =>
        read.Length == merged.Length && read.Zip(merged).All(pair => WithoutReturns(pair.Second).EndsWith(WithoutReturns(pair.First), StringComparison.Ordinal));

    private static string WithoutReturns(string text) => text.Replace("\r", "", StringComparison.Ordinal);
}
