using System.Globalization;
using EtcSync.Benchmarks;
using EtcSync.Benchmarks.Replay;

// Usage: EtcSync.Benchmarks [plan-upstream] [CLIENTS] [DIRECTORY]
//        EtcSync.Benchmarks mergers
//        EtcSync.Benchmarks server [CLIENTS] [DIRECTORY]
//        EtcSync.Benchmarks replay [BUNDLE...]
if (args is ["mergers"]) return MergerBenchmark.Run();
if (args is ["replay", .. var bundles]) return ReplayBenchmark.Run(bundles is [] ? HistoryBundles.All : bundles);
var isServer = args is ["server", ..];
var isPlan = args is ["plan-upstream", ..];
if (isPlan || isServer) args = args[1..];
var clients = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : isServer ? 5_000 : isPlan ? 1_000 : 200;
var directory = args.Length > 1 ? Path.GetFullPath(args[1]) : Path.Combine(Path.GetTempPath(), $"etcsync-benchmark-{Environment.ProcessId}");
if (isServer) return new ServerBenchmark(directory, clients).Run();
return isPlan ? new ForecastBenchmark(directory, clients).Run() : new RolloutBenchmark(directory, clients).Run();
