namespace EtcSync.State;

/// <summary>How this program and its arguments are spelled where a person is to type them.</summary>
internal static class SuggestedCommand
{
    private const string Name = "etcsync";

    /// <summary>The program: its name where a shell finds it, otherwise its path.</summary>
    public static string Program { get; } = Find(Environment.ProcessPath, Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>A word as a shell takes it.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The program's spelling for a process started from a path, with this search path.</summary>
    internal static string Find(string? processPath, string searchPath) =>
        processPath is null || Path.GetFileName(processPath) != Name || searchPath.Split(':').Any(directory => directory.Length > 0 && File.Exists(Path.Combine(directory, Name)))
            ? Name
            : Quote(processPath);
}
