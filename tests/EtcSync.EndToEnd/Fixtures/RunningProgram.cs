using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>The built program as a process of its own, below a cluster's root.</summary>
internal sealed partial class RunningProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The program's assembly.</summary>
    public static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "etcsync.dll");

    /// <summary>What runs it.</summary>
    public static readonly string Dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task _reading;

    private RunningProgram(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(Collect(process.StandardOutput), Collect(process.StandardError));
    }

    /// <summary>Everything that it has written so far, line by line.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    /// <summary>All of it as one text.</summary>
    public string Output => string.Join('\n', Lines);

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="root">The cluster's root.</param>
    /// <param name="arguments">Command and arguments.</param>
    /// <param name="under">A program, with its arguments, that runs it (strace).</param>
    /// <param name="environment">Variables that it gets.</param>
    public static RunningProgram Start(string root, string[] arguments, string[]? under = null, params (string Name, string Value)[] environment)
    {
        string[] all = [.. under ?? [], Dotnet, Assembly, "--root", root, .. arguments];
        var start = new ProcessStartInfo(all[0]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in all.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var name in (string[])["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM"]) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Output) Run(string root, params string[] arguments)
    {
        using var program = Start(root, arguments);
        return (program.Wait(), program.Output);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code; 137 for one that was killed.</returns>
    public int Wait()
    {
        if (!_process.WaitForExit(Patience))
        {
            Kill();
            Assert.Fail($"It did not end within {Patience.TotalSeconds} seconds:\n{Output}");
        }

        _reading.Wait(Patience);
        return _process.ExitCode;
    }

    /// <summary>Waits for a line that holds a text, and returns it.</summary>
    public string WaitFor(string text, int from = 0)
    {
        var found = default(string);
        Eventually.Holds(() => (found = Lines.Skip(from).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal))) is not null || !IsRunning, () => $"'{text}' in:\n{Output}");
        return found ?? throw new InvalidOperationException($"It ended without saying '{text}':\n{Output}");
    }

    /// <summary>SIGKILL: no instruction of it is executed any more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Assert.Equal(0, SendSignal(_process.Id, 15));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private async Task Collect(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines) _lines.Add(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
