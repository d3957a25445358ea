namespace EtcSync.Core.Mergers.Layout;

/// <summary>Puts merged pieces together to a file.</summary>
internal static class LayoutWriter
{
    /// <summary>The bytes. How lines end, and whether the last one has an end, is merged like any other value.</summary>
    public static byte[] Write(ThreeFiles files, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return [];
        var (ancestor, client, upstream) = (files.Base.Lines, files.Client.Lines, files.Upstream.Lines);
        var content = string.Concat(texts.SkipLast(1).Select(text => text + '\n')) + texts[^1];
        if (IsComplete(files, texts[^1])) content += '\n';
        var ending = Pick(ancestor.Ending, client.Ending, upstream.Ending) ?? upstream.Ending ?? client.Ending;
        return FileText.Encode(ending == LineEnding.Dos ? content.Replace("\n", "\r\n", StringComparison.Ordinal) : content);
    }

    // A last line may stay without an end only where it had none: nobody left any other line so.
    private static bool IsComplete(ThreeFiles files, string last)
    {
        var complete = Pick(files.Base.Lines.IsComplete, files.Client.Lines.IsComplete, files.Upstream.Lines.IsComplete) ?? true;
        return complete || !(HadNoEnd(files.Client) || HadNoEnd(files.Upstream));

        bool HadNoEnd(RecordFile file) => file.Lines.IsComplete == false && file.Items.Last(item => !item.IsMark).Text == last;
    }

    private static T? Pick<T>(T? ancestor, T? client, T? upstream)
        where T : struct
    {
        if (Nullable.Equals(client, upstream) || Nullable.Equals(upstream, ancestor)) return client;
        return Nullable.Equals(client, ancestor) ? upstream : null;
    }
}
