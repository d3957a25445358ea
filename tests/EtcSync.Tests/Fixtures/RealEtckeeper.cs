using System.Diagnostics;

namespace EtcSync.Tests.Fixtures;

/// <summary>The real etckeeper, unpacked and never installed.</summary>
internal static class RealEtckeeper
{
    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>What etckeeper would write for a client's tree as it is: run in a copy of it, with the branch's index.</summary>
    public static byte[] Write(Cluster cluster, string client)
    {
        var copy = Path.Combine(cluster.Root, $"etckeeper-{Guid.NewGuid():N}");
        Tool.Run("cp", "-a", cluster.ClientPath(client), copy);
        Tool.Run("cp", "-a", cluster.GitDirectory(client), Path.Combine(copy, ".git"));
        Tool.Run("git", "--git-dir=" + Path.Combine(copy, ".git"), "config", "core.bare", "false");
        Tool.Run("git", "--git-dir=" + Path.Combine(copy, ".git"), "config", "core.quotePath", "true");
        // Ours says what no policy commits; etckeeper knows nothing of it.
        File.Delete(Path.Combine(copy, ".git/info/exclude"));
        var start = new ProcessStartInfo(Path.Combine(Unpacked.Value, "etc/etckeeper/pre-commit.d/30store-metadata")) { WorkingDirectory = copy, UseShellExecute = false };
        start.Environment["VCS"] = "git";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["XDG_CONFIG_HOME"] = "/nonexistent";
        // Names of users are the client's, not those of the machine that runs the tests: numbers that the two agree on are used.
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        var written = File.ReadAllBytes(Path.Combine(copy, ".etckeeper"));
        Tool.Run("rm", "-rf", copy);
        return written;
    }

    /// <summary>Has etckeeper write its own pre-commit hook.</summary>
    public static void InstallHook(string directory)
    {
        var start = new ProcessStartInfo(Path.Combine(Unpacked.Value, "etc/etckeeper/init.d/50vcs-pre-commit-hook")) { WorkingDirectory = directory, UseShellExecute = false };
        start.Environment["VCS"] = "git";
        Directory.CreateDirectory(Path.Combine(directory, ".git/hooks"));
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Has 'etckeeper' found, with its own configuration, by what is started with this environment.</summary>
    public static void AddTo(IDictionary<string, string?> environment)
    {
        environment["PATH"] = $"{Path.Combine(Unpacked.Value, "usr/bin")}:{environment["PATH"]}";
        environment["ETCKEEPER_CONF_DIR"] = Path.Combine(Unpacked.Value, "etc/etckeeper");
    }

    private static string Unpack()
    {
        if (Environment.GetEnvironmentVariable("ETCSYNC_TEST_ETCKEEPER") is { Length: > 0 } given) return given;
        var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (!File.Exists(Path.Combine(directory, "EtcSync.sln"))) continue;
            return Tool.Run("/bin/sh", Path.Combine(directory, "tests/fixtures/etckeeper.sh"), Path.Combine(caches, "etcsync-tests", "etckeeper")).Trim();
        }

        throw new DirectoryNotFoundException("The tests do not run below the directory of EtcSync.sln.");
    }
}
