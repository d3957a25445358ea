using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Checks;

/// <summary>A small root file system with the real visudo and sshd, and a shell.</summary>
internal static class CheckerRoot
{
    private static readonly Lazy<string> Made = new(Make);

    /// <summary>Puts it into a directory that is, or will be, a shared root.</summary>
    public static void CopyTo(string root)
    {
        Directory.CreateDirectory(root);
        Tool.Run("cp", "-a", "--no-target-directory", Made.Value, root);
    }

    private static string Make()
    {
        if (Environment.GetEnvironmentVariable("ETCSYNC_TEST_CHECKERS") is { Length: > 0 } given) return given;
        var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "EtcSync.sln")))
                return Tool.Run("bash", Path.Combine(directory, "tests/fixtures/checkers.sh"), Path.Combine(caches, "etcsync-tests", "checkers")).Trim();
        }

        throw new DirectoryNotFoundException("The tests do not run below the directory of EtcSync.sln.");
    }
}
