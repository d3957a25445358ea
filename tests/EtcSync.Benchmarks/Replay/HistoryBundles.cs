namespace EtcSync.Benchmarks.Replay;

/// <summary>The histories that tests/fixtures/make-histories.sh made.</summary>
internal static class HistoryBundles
{
    /// <summary>The files, sorted.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not run below the directory of EtcSync.sln.</exception>
    public static IReadOnlyList<string> All { get; } = [.. Directory.EnumerateFiles(Find(), "*.bundle").Order(StringComparer.Ordinal)];

    private static string Find()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "EtcSync.sln"))) return Path.Combine(directory, "tests/fixtures/histories");
        }

        throw new DirectoryNotFoundException("This does not run below the directory of EtcSync.sln.");
    }
}
