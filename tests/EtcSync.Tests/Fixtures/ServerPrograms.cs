namespace EtcSync.Tests.Fixtures;

/// <summary>The real dnsmasq, exportfs, busybox and tftp, unpacked and never installed.</summary>
internal static class ServerPrograms
{
    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>Where a program is.</summary>
    public static string Find(string program) => Path.Combine(Unpacked.Value, "bin", program);

    /// <summary>The directory with all programs, for a search path.</summary>
    public static string Programs => Path.Combine(Unpacked.Value, "bin");

    /// <summary>A file of the boot loader, such as pxelinux.0.</summary>
    public static string BootFile(string name) => Path.Combine(Unpacked.Value, "share", name);

    private static string Unpack()
    {
        if (Environment.GetEnvironmentVariable("ETCSYNC_TEST_SERVER_PROGRAMS") is { Length: > 0 } given) return given;
        var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (!File.Exists(Path.Combine(directory, "EtcSync.sln"))) continue;
            return Tool.Run("bash", Path.Combine(directory, "tests/fixtures/server-programs.sh"), Path.Combine(caches, "etcsync-tests", "server-programs")).Trim();
        }

        throw new DirectoryNotFoundException("The tests do not run below the directory of EtcSync.sln.");
    }
}
