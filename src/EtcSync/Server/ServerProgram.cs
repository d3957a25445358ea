using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace EtcSync.Server;

/// <summary>What a run of a program gave, one character for each byte that it said.</summary>
/// <param name="ExitCode">Its exit code; -1 where it was ended.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsLate">Whether it was ended because it took too long.</param>
internal sealed record ProgramOutput(int ExitCode, string Output, string Error, bool IsLate)
{
    private const int MostWords = 1_000;

    /// <summary>What it said, as much as a person reads.</summary>
    public string Words => (Error + Output).Trim() is { Length: > MostWords } many ? many[..MostWords] + "..." : (Error + Output).Trim();
}

/// <summary>Runs the programs of the server: found where administrators' programs are, speaking English, and ended when they take too long.</summary>
internal sealed class ServerProgram(TimeProvider time, TimeSpan limit)
{
    private const int MaximumOutput = 32 << 20;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    // A service or sudo may run us without these.
    private static readonly string[] AlwaysSearched = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Where a program is; null where it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(AlwaysSearched)
            .Where(Path.IsPathRooted).Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program and waits for it.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public ProgramOutput Run(string file, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false, WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1, StandardErrorEncoding = Encoding.Latin1,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        using var process = Start(start);
        process.StandardInput.Close();
        var isLate = false;
        using var timer = time.CreateTimer(_ => End(), null, limit, Timeout.InfiniteTimeSpan);
        using var registration = cancellation.Register(() => Kill(process));
        var (output, error) = (new Said(process.StandardOutput), new Said(process.StandardError));
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        // Whatever it started may have these open for as long as it runs, and it is not waited for.
        Task.WhenAll(output.End, error.End).Wait(LastWords, CancellationToken.None);
        return new(isLate ? -1 : process.ExitCode, output.Text, error.Text, isLate);

        void End()
        {
            // Said first: whoever waits for it goes on as soon as it is gone.
            isLate = true;
            Kill(process);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException($"{start.FileName} did not start.");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{start.FileName} cannot be started: {e.Message}.", e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    // Read to the end, or a program that says much would wait for us for ever; what is too much is dropped.
    private sealed class Said
    {
        private readonly StringBuilder _kept = new();

        public Said(StreamReader reader) => End = Task.Factory.StartNew(() => Read(reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        public Task End { get; }

        public string Text
        {
            get
            {
                lock (_kept) return _kept.ToString();
            }
        }

        private void Read(StreamReader reader)
        {
            var buffer = new char[1 << 14];
            try
            {
                for (var read = reader.Read(buffer); read > 0; read = reader.Read(buffer))
                {
                    lock (_kept) _kept.Append(buffer, 0, Math.Min(read, MaximumOutput - _kept.Length));
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Nobody waits for it any more.
            }
        }
    }
}
