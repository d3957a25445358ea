using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>
/// Decides for every key what the merged file says under it. All occurrences of a key are one value: where one side left it alone,
/// the other's stands.
/// </summary>
internal sealed class RecordMerge(ThreeFiles files, RecordFormat format, DisputeList disputes)
{
    private readonly Dictionary<string, ImmutableArray<string>> _merged = new(StringComparer.Ordinal);

    /// <summary>What stands under each key; nothing for a record that goes.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<string>> Run()
    {
        foreach (var key in files.Keys()) _merged[key] = Merge(files.Versions(key));
        // What is still open could be answered so that nothing contradicts it.
        if (disputes.Open.IsEmpty)
        {
            foreach (var cross in format.Check(files, _merged).ToList()) Settle(cross);
        }

        return _merged;
    }

    private ImmutableArray<string> Merge(RecordVersions versions)
    {
        var (_, ancestor, client, upstream) = versions;
        if (Same(client, upstream) || Same(upstream, ancestor)) return client;
        if (Same(client, ancestor)) return upstream;
        // Deleting has no parts that could be merged.
        var outcome = client.IsEmpty || upstream.IsEmpty ? new RecordOutcome.Disputed(versions.Describe()) : format.Merge(versions);
        return outcome switch
        {
            RecordOutcome.Merged merged => merged.Texts,
            RecordOutcome.Disputed disputed => Settle(versions, disputed),
            _ => client,
        };
    }

    private ImmutableArray<string> Settle(RecordVersions versions, RecordOutcome.Disputed disputed)
    {
        var dispute = versions.Dispute(format.NameOf(versions.Key), disputed.Reason);
        switch (disputes.Ask(dispute))
        {
            case DisputeAnswer.Take take when disputed.Settle is { } settle && !versions[take.Side].IsEmpty:
                return [settle(take.Side)];
            case DisputeAnswer.Take take:
                return versions[take.Side];
            case DisputeAnswer.Replace replace when Read(RecordFile.ReadAnswer(FileLines.Of(replace.Content), format, versions.Key), key => key == versions.Key) is { } record:
                return record.Values.FirstOrDefault([]);
            case DisputeAnswer.Replace:
                disputes.Refuse(dispute, "The lines that it was settled with are not this record.");
                break;
        }

        return versions.Client;
    }

    private void Settle(CrossDispute cross)
    {
        switch (disputes.Ask(cross.Dispute))
        {
            case DisputeAnswer.Take take:
                foreach (var (key, texts) in cross.Settle(take.Side)) _merged[key] = texts;
                break;
            case DisputeAnswer.Replace replace when Read(RecordFile.Read(FileLines.Of(replace.Content), format, out _), _merged.ContainsKey) is { } records:
                // What the lines do not name any more, of all that one of the sides concerned, is as they say: not there.
                foreach (var key in cross.Settle(DisputeSide.Client).Concat(cross.Settle(DisputeSide.Upstream)).Select(pair => pair.Key)) _merged[key] = [];
                foreach (var (key, texts) in records) _merged[key] = texts;
                break;
            case DisputeAnswer.Replace:
                disputes.Refuse(cross.Dispute, "The lines that it was settled with are not these records.");
                break;
        }
    }

    // The lines of each key that stand in an answer, comments above them included; null if they are not of the kind.
    private static Dictionary<string, ImmutableArray<string>>? Read(RecordFile? answer, Func<string, bool> isConcerned)
    {
        if (answer is null || !answer.Keys.All(isConcerned)) return null;
        var records = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var above = "";
        foreach (var item in answer.Items)
        {
            var (key, text) = item;
            if (item.IsMark)
            {
                records[item.Key!] = [text];
                continue;
            }

            if (key is null)
            {
                above += text + '\n';
                continue;
            }

            records[key] = records.TryGetValue(key, out var before) ? before.Add(above + text) : [above + text];
            above = "";
        }

        return records;
    }

    private static bool Same(ImmutableArray<string> one, ImmutableArray<string> other) => one.AsSpan().SequenceEqual(other.AsSpan());
}
