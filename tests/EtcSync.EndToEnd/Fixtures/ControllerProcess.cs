using System.Text.RegularExpressions;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>A controller that runs on a cluster. What it logs is checked when it ends: sentences, and no stack traces.</summary>
internal sealed partial class ControllerProcess : IDisposable
{
    private readonly RunningProgram _program;

    private ControllerProcess(RunningProgram program) => _program = program;

    /// <summary>Its process, and what it logs.</summary>
    public RunningProgram Program => _program;

    /// <summary>Starts one, and waits until it watches.</summary>
    public static ControllerProcess Start(Cluster cluster, params (string Name, string Value)[] environment)
    {
        var program = RunningProgram.Start(cluster.Root, ["run"], under: null, environment);
        program.WaitFor("Watching ");
        return new(program);
    }

    /// <summary>Waits for a line of the log.</summary>
    public string WaitFor(string text, int from = 0) => _program.WaitFor(text, from);

    /// <summary>Tells it to stop, and checks that it does so in order.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan Stop()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        _program.Terminate();
        var code = _program.Wait();
        Assert.True(code == 0, $"It ended with {code}:\n{_program.Output}");
        Assert.Contains("Stopped.", _program.Lines[^1], StringComparison.Ordinal);
        return watch.Elapsed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _program.Dispose();
        Assert.DoesNotMatch(StackTrace(), _program.Output);
    }

    [GeneratedRegex(@"^\s+at \S+\(|Exception\b|^Unhandled", RegexOptions.Multiline)]
    private static partial Regex StackTrace();
}
