using EtcSync.Benchmarks.Replay;
using EtcSync.Core.Mergers;
using Xunit.Abstractions;

namespace EtcSync.Tests.Histories;

/// <summary>Real histories of /etc, made by tests/fixtures/make-histories.sh, replayed; the benchmarks replay all cases of them, this a part.</summary>
public sealed class HistoryReplayTests(ITestOutputHelper output)
{
    public static TheoryData<string> Histories => [.. HistoryBundles.All.Select(bundle => Path.GetFileNameWithoutExtension(bundle))];

    [Theory]
    [MemberData(nameof(Histories))]
    public void Replayed_history_gives_what_really_came_and_holds_no_file_of_records(string name)
    {
        using var history = new EtcHistory(HistoryBundles.All.Single(bundle => Path.GetFileNameWithoutExtension(bundle) == name));
        var result = new HistoryReplay(history).Run((fork, change) => (fork + change) % 5 == 0);
        foreach (var miss in result.EtcSync.Misses) output.WriteLine($"{miss.Case.Fork}, {miss.Case.Change}: {miss.Path} ({miss.Merger}) {miss.Outcome} {miss.Reason}");

        Assert.True(result.Cases > 100, $"Only {result.Cases} cases could be made.");
        Assert.Equal(0, result.EtcSync.Different);
        Assert.DoesNotContain(result.EtcSync.Misses, miss => miss.Merger != ContentMergers.Text);
    }
}
