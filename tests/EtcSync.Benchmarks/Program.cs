using System.Globalization;
using EtcSync.Benchmarks;
using EtcSync.Benchmarks.Replay;

// Usage: EtcSync.Benchmarks [plan-upstream] [CLIENTS] [DIRECTORY]
//        EtcSync.Benchmarks mergers
//        EtcSync.Benchmarks replay [BUNDLE...]
if (args is ["mergers"]) return MergerBenchmark.Run();
if (args is ["replay", .. var bundles]) return ReplayBenchmark.Run(bundles is [] ? HistoryBundles.All : bundles);
var isPlan = args is ["plan-upstream", ..];
if (isPlan) args = args[1..];
var clients = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : isPlan ? 1_000 : 200;
var directory = args.Length > 1 ? Path.GetFullPath(args[1]) : Path.Combine(Path.GetTempPath(), $"etcsync-benchmark-{Environment.ProcessId}");
return isPlan ? new ForecastBenchmark(directory, clients).Run() : new RolloutBenchmark(directory, clients).Run();
