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
        var disputes = new DisputeList(arbiter);
        var records = new RecordMerge(files, format, disputes).Run();
        var texts = new LayoutMerge(files, format, records, disputes).Run();
        return disputes.Open.Length > 0 ? new ContentMergeResult.Disputed(disputes.Open) : new ContentMergeResult.Merged(LayoutWriter.Write(files, texts));
    }
}
