using System.Globalization;
using EtcSync.Benchmarks;

// Usage: EtcSync.Benchmarks [CLIENTS] [DIRECTORY], or EtcSync.Benchmarks mergers
if (args is ["mergers"]) return MergerBenchmark.Run();
var clients = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
var directory = args.Length > 1 ? Path.GetFullPath(args[1]) : Path.Combine(Path.GetTempPath(), $"etcsync-benchmark-{Environment.ProcessId}");
return new RolloutBenchmark(directory, clients).Run();
