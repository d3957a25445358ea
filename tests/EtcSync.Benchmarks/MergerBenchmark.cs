using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using EtcSync.Core.Mergers;
using EtcSync.Core.Mergers.Accounts;
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

        MeasureAccounts(table);
        AnsiConsole.Write(table);
        return 0;
    }

    private static void Measure(FileKind kind, Table table)
    {
        var merger = ContentMergers.Find(kind.Merger) ?? throw new InvalidOperationException($"There is no merger '{kind.Merger}'.");
        var versions = RealSizeMerge.Of(kind);
        Measure(kind.Merger, FileKind.Lines(kind.RealSize).Count, () => merger.Merge(versions, _ => null), table);
    }

    // Sixty accounts in four files; each side adds a service, and the two add the same one with two numbers.
    private static void MeasureAccounts(Table table)
    {
        var before = Accounts(Enumerable.Range(0, 60));
        var (client, upstream) = (Accounts([.. Enumerable.Range(0, 60), 70, 90]), Accounts([.. Enumerable.Range(0, 60), 80, 90], shift: 1));
        var versions = new AccountVersions { Files = AccountFile.All.ToImmutableDictionary(file => file, file => new AccountFileVersions(before[file], client[file], upstream[file])) };
        Measure(ContentMergers.Accounts, 4 * 60, () => AccountsMerge.Merge(versions, (_, _) => null), table);
    }

    private static ImmutableDictionary<AccountFile, byte[]> Accounts(IEnumerable<int> numbers, int shift = 0)
    {
        var ids = numbers.Select(number => (Name: $"user{number}", Id: 100 + number + (number == 90 ? shift : 0))).ToList();
        return AccountFile.All.ToImmutableDictionary(file => file, file => Encoding.ASCII.GetBytes(string.Concat(ids.Select(user => file.Name switch
        {
            "passwd" => $"{user.Name}:x:{user.Id}:{user.Id}:A user:/home/{user.Name}:/bin/bash\n",
            "shadow" => $"{user.Name}:$y$j9T$abcdefgh$ijklmnopqrstuvwxyz:19000:0:99999:7:::\n",
            "group" => $"{user.Name}:x:{user.Id}:user1,user2,user3\n",
            _ => $"{user.Name}:!::user1,user2,user3\n",
        }))));
    }

    private static void Measure(string name, int lines, Action merge, Table table)
    {
        for (var i = 0; i < Rounds; i++) merge();
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            merge();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        table.AddRow(name, lines.ToString(), times[Rounds / 2].ToString("0.00"), times[^1].ToString("0.00"));
    }
}
