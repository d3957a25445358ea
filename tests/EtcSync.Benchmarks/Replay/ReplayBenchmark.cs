using System.Globalization;
using Spectre.Console;

namespace EtcSync.Benchmarks.Replay;

/// <summary>Replays histories, and prints what git and EtcSync made of them, and which paths did not come out right.</summary>
internal static class ReplayBenchmark
{
    /// <summary>Replays every bundle.</summary>
    public static int Run(IEnumerable<string> bundles)
    {
        AnsiConsole.Console.Profile.Width = 140;
        var table = new Table().AddColumn("history").AddColumn("merged by");
        foreach (var column in (string[])["cases", "exact", "different", "conflict"]) table.AddColumn(new TableColumn(column).RightAligned());
        var misses = new Table().AddColumn("history").AddColumn("merged by").AddColumn("path").AddColumn("merger").AddColumn("outcome").AddColumn(new TableColumn("cases").RightAligned()).AddColumn("the first of them");
        foreach (var bundle in bundles)
        {
            using var history = new EtcHistory(Path.GetFullPath(bundle));
            var result = new HistoryReplay(history).Run((_, _) => true);
            Console.WriteLine($"{result.History}: {history.Commits.Length} commits, {result.Cases} cases; {result.Skipped} more cannot be made without judgement");
            foreach (var (name, tally) in (IEnumerable<(string, ReplayTally)>)[("git", result.Git), ("EtcSync", result.EtcSync)])
            {
                table.AddRow([result.History, name, .. ((int[])[result.Cases, tally.Exact, tally.Different, tally.Conflict]).Select(number => number.ToString(CultureInfo.InvariantCulture))]);
                foreach (var group in tally.Misses.GroupBy(miss => (miss.Path, miss.Merger, miss.Outcome)).OrderByDescending(group => group.Count()))
                {
                    var first = group.First();
                    misses.AddRow([.. ((string[])[result.History, name, group.Key.Path, group.Key.Merger, group.Key.Outcome.ToString(), $"{group.Count()}", $"{first.Case.Fork}, {first.Case.Change} {first.Reason}"]).Select(Markup.Escape)]);
                }
            }
        }

        AnsiConsole.Write(misses);
        AnsiConsole.Write(table);
        return 0;
    }
}
