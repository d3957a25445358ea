using System.Diagnostics;

namespace EtcSync.Benchmarks;

/// <summary>Runs programs as a person would; their failure ends the benchmark.</summary>
internal static class Shell
{
    public static string Git(string directory, params IEnumerable<string> arguments) => GitReading(directory, "", arguments);

    /// <summary>Runs git with something to read on its standard input.</summary>
    public static string GitReading(string directory, string input, params IEnumerable<string> arguments) =>
        Run("git", ["-C", directory, "-c", "user.name=Bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", .. arguments], input);

    public static string Script(string script) => Run("bash", ["-euc", script], "");

    private static string Run(string program, IEnumerable<string> arguments, string input)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var feed = Task.Run(() =>
        {
            using var stdin = process.StandardInput;
            stdin.Write(input);
        });
        var output = process.StandardOutput.ReadToEnd();
        feed.Wait();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} failed: {error.GetAwaiter().GetResult()}");
    }
}
