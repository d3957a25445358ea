using System.Text;
using EtcSync.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

/// <summary>Anything on both sides, in any order: the client comes to rest after one pass, and git and etckeeper agree with what is there.</summary>
public sealed class RandomChangesTests
{
    private static readonly string[] Places = ["a", "b", "d", "d/x", "d/y", "d/e", "d/e/z", "it's", "it's/é", "x.cache", "d/y.cache", "run", "run/x", "motd", "opt", "conf.d/01.conf", "conf.d/02.conf", "ssh", "ssh/sshd_config"];

    public static TheoryData<int> Seeds
    {
        get
        {
            var seeds = new TheoryData<int>();
            var (first, count) = Environment.GetEnvironmentVariable("ETCSYNC_TEST_SEEDS") is { Length: > 0 } given ? Range(given) : (1, 4);
            for (var seed = first; seed < first + count; seed++) seeds.Add(seed);
            return seeds;

            static (int First, int Count) Range(string text)
            {
                var parts = text.Split('+');
                return (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomChanges_onBothSides_comeToRest(int seed)
    {
        var random = new Random(seed);
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var log = new StringBuilder();
        for (var round = 0; round < 8; round++)
        {
            var (ours, theirs) = (Script(random), Script(random));
            log.AppendLine($"--- round {round} client: {ours}").AppendLine($"--- round {round} upstream: {theirs}");
            cluster.Shell("one", ours);
            cluster.UpstreamShell(theirs);
            cluster.Commit($"round {round}");
            try
            {
                var outcome = cluster.SyncOne(new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept });
                Assert.True(outcome.Kind is OutcomeKind.Synced or OutcomeKind.Unchanged or OutcomeKind.Conflicted, $"{outcome.Kind}: {outcome.Reason}");
                // What lies in ignored directories is not in the trees: a merge may record what is then not found there, once.
                var again = cluster.SyncOne();
                Assert.All(again.Drift, path => Assert.Equal(EtckeeperFile.FileName, path.Value));
                cluster.AssertSettled("one", again.Kind == OutcomeKind.Conflicted ? OutcomeKind.Conflicted : OutcomeKind.Unchanged);
                AssertEtckeeperAgrees(cluster);
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or InvalidOperationException)
            {
                throw new InvalidOperationException($"seed {seed}\n{log}\n{e.Message}", e);
            }
        }
    }

    // Of what is ignored etckeeper itself may say something else tomorrow; of what is tracked it says exactly this.
    private static void AssertEtckeeperAgrees(Cluster cluster)
    {
        var (real, ours) = (EtckeeperFile.Parse(RealEtckeeper.Write(cluster, "one")), EtckeeperFile.Parse(File.ReadAllBytes(cluster.ClientPath("one", ".etckeeper"))));
        var files = cluster.GitOf("one", "ls-files", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var ignored = cluster.GitOf("one", "ls-files", "-z", "-oi", "--exclude-standard", "--directory").Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => path.TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        var paths = files.SelectMany(AndAbove).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Assert.Equal("", string.Join('\n', paths.Where(path => real.Find(path) != ours.Find(path)).Select(path => $"{path}: {real.Find(path)} is ours {ours.Find(path)}")));
        Assert.Equal(real.EmptyDirectories.Where(path => !AndAbove(path).Any(ignored.Contains)), ours.EmptyDirectories.Where(path => !AndAbove(path).Any(ignored.Contains)));

        static IEnumerable<string> AndAbove(string path)
        {
            for (var at = path; ; at = at[..at.LastIndexOf('/')])
            {
                yield return at;
                if (!at.Contains('/', StringComparison.Ordinal)) yield break;
            }
        }
    }

    private static string Script(Random random)
    {
        var commands = new List<string>();
        for (var i = random.Next(4); i >= 0; i--)
        {
            var place = Quote(Places[random.Next(Places.Length)]);
            var other = Quote(Places[random.Next(Places.Length)]);
            var number = random.Next(3);
            commands.Add(random.Next(12) switch
            {
                0 => $"rm -rf -- {place}",
                1 => $"mkdir -p -- {place}",
                2 => $"rm -rf -- {place}; ln -s target{number} {place}",
                3 => $"chmod {(random.Next(2) == 0 ? "700" : "755")} -- {place}",
                4 => $"chmod {(random.Next(2) == 0 ? "600" : "640")} -- {place}; [ ! -d {place} ] || chmod 750 -- {place}",
                5 => $"chown {(random.Next(2) == 0 ? "6:0" : "0:12")} -- {place}",
                6 => $"mv -T -- {place} {other}",
                7 => $"echo {number} >>{place}",
                8 => $"sed -i '1s/.*/{number}/' -- {place}",
                9 => $"rm -rf -- {place}; printf '{number}\\n{number}\\n' >{place}",
                10 => $"echo '{(number == 0 ? "b" : number == 1 ? "run/" : "!x.cache")}' >>.gitignore",
                _ => $"mkdir -p -- \"$(dirname -- {place})\"; echo {number} >{place}",
            });
        }

        return $"set +e; exec 2>/dev/null; {string.Join("; ", commands)}; true";

        static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
