using System.Globalization;
using EtcSync.Benchmarks;

// Usage: EtcSync.Benchmarks [plan-upstream] [CLIENTS] [DIRECTORY], or EtcSync.Benchmarks mergers
if (args is ["mergers"]) return MergerBenchmark.Run();
var isPlan = args is ["plan-upstream", ..];
if (isPlan) args = args[1..];
var clients = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : isPlan ? 1_000 : 200;
var directory = args.Length > 1 ? Path.GetFullPath(args[1]) : Path.Combine(Path.GetTempPath(), $"etcsync-benchmark-{Environment.ProcessId}");
return isPlan ? new ForecastBenchmark(directory, clients).Run() : new RolloutBenchmark(directory, clients).Run();
