using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EtcSync.Core.Checks;
using EtcSync.Core.Git;
using EtcSync.Core.Policies;

namespace EtcSync.Checks;

/// <summary>
/// Runs a checker: setpriv(1) ties its life to ours, unshare(1) makes the namespaces (which a process with many threads cannot), and
/// <see cref="CheckCell"/> furnishes them and becomes the checker. No shell is in between.
/// </summary>
internal sealed class CheckProcess(TimeProvider time, TimeSpan limit)
{
    private const int MaximumOutput = 1 << 14;
    private static readonly string[] Confinement =
        ["--pdeathsig", "KILL", "unshare", "--user", "--map-root-user", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"];

    /// <summary>Runs a command of the shared root on a tree.</summary>
    public CheckVerdict Run(string root, SharedRootProgram program, CheckCommand command, CheckedTree tree, IObjectReader objects)
    {
        using var process = Start(root, program, command, out var problem);
        if (process is null) return new CheckVerdict.Unavailable(problem!);
        var isLate = false;
        using var timer = time.CreateTimer(_ => isLate = Kill(process), null, limit, Timeout.InfiniteTimeSpan);
        var errors = Task.Run(() => Read(process.StandardError.BaseStream));
        var output = Task.Run(() => Read(process.StandardOutput.BaseStream));
        try
        {
            using (process.StandardInput) CheckedTreeStream.Write(process.StandardInput.BaseStream, tree, objects);
        }
        catch (IOException)
        {
            // It ended before it had read everything, and says why.
        }

        process.WaitForExit();
        var said = output.GetAwaiter().GetResult();
        var complained = errors.GetAwaiter().GetResult();
        if (!said.AsSpan().StartsWith(CheckCell.Ready))
            return new CheckVerdict.Unavailable(isLate ? $"its namespaces were not ready within {limit.TotalSeconds:0} seconds" : CheckerWords.Of(complained, said) ?? $"unshare ended with status {process.ExitCode}");
        if (isLate) return new CheckVerdict.Failed($"it did not come to an end within {limit.TotalSeconds:0} seconds") { IsUnfinished = true };
        if (process.ExitCode == 0) return new CheckVerdict.Passed();
        var words = tree.ShowsSecrets ? null : CheckerWords.Of(complained, said.AsSpan(CheckCell.Ready.Length));
        return new CheckVerdict.Failed(words ?? $"it ended with status {process.ExitCode}{(tree.ShowsSecrets ? "; what it said is not shown, because what it looks at is secret" : "")}");
    }

    private Process? Start(string root, SharedRootProgram program, CheckCommand command, out string? problem)
    {
        var start = new ProcessStartInfo("setpriv")
        {
            UseShellExecute = false, WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string[] cell = [Self(), CheckCell.Word, CheckCell.MountNamespace, root, ((long)Math.Ceiling(limit.TotalSeconds)).ToString(CultureInfo.InvariantCulture), program.Path];
        foreach (var argument in (IEnumerable<string>)[.. Confinement, .. cell, .. command.Arguments]) start.ArgumentList.Add(argument);
        // For the cell alone: the checker gets an environment of its own.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment.TryAdd("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")));
        problem = null;
        try
        {
            if (Process.Start(start) is { } process) return process;
            problem = "setpriv did not start";
        }
        catch (Win32Exception e)
        {
            problem = $"setpriv and unshare (package util-linux) cannot be started: {e.Message}";
        }

        return null;
    }

    // Beside the assembly when it is run from its build, or the program itself.
    private static string Self() => Path.Combine(AppContext.BaseDirectory, "etcsync") is var beside && File.Exists(beside) ? beside : Environment.ProcessPath ?? beside;

    private static bool Kill(Process process)
    {
        try
        {
            // unshare(1) takes its child with it, and that is the first process in the namespace: all others go with that one.
            process.Kill();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Read to the end, or a checker that says much would wait for us for ever; what is too much is dropped.
    private static byte[] Read(Stream stream)
    {
        var kept = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer)) kept.Write(buffer, 0, Math.Min(read, MaximumOutput - (int)kept.Length));
        return kept.ToArray();
    }
}
