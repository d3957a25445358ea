using System.Diagnostics;
using EtcSync.Core.Mergers;
using EtcSync.Core.Tests.Mergers.Kinds;
using Spectre.Console;

namespace EtcSync.Benchmarks;

/// <summary>Measures every merger on files as long as real ones get.</summary>
internal static class MergerBenchmark
{
    private const int Rounds = 200;

    public static int Run()
    {
        var table = new Table().AddColumn("merger").AddColumn(new TableColumn("lines").RightAligned()).AddColumn(new TableColumn("median, ms").RightAligned()).AddColumn(new TableColumn("slowest, ms").RightAligned());
        foreach (var kind in typeof(FileKind).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(FileKind)) && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            Measure((FileKind)Activator.CreateInstance(kind)!, table);
        }

        AnsiConsole.Write(table);
        return 0;
    }

    private static void Measure(FileKind kind, Table table)
    {
        var merger = ContentMergers.Find(kind.Merger) ?? throw new InvalidOperationException($"There is no merger '{kind.Merger}'.");
        var versions = RealSizeMerge.Of(kind);
        for (var i = 0; i < Rounds; i++) merger.Merge(versions, _ => null);
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            merger.Merge(versions, _ => null);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        table.AddRow(kind.Merger, FileKind.Lines(kind.RealSize).Count.ToString(), times[Rounds / 2].ToString("0.00"), times[^1].ToString("0.00"));
    }
}
