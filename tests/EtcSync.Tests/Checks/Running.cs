namespace EtcSync.Tests.Checks;

/// <summary>What runs on this machine, in whatever namespace.</summary>
internal static class Running
{
    /// <summary>Whether a process has this argument; one that is on its way out is given a moment.</summary>
    public static bool With(string argument)
    {
        for (var i = 0; i < 50; i++)
        {
            if (!Now(argument)) return false;
            Thread.Sleep(100);
        }

        return true;
    }

    /// <summary>Whether a process has this argument at this moment.</summary>
    public static bool Now(string argument) => Directory.EnumerateDirectories("/proc").Any(process => ArgumentsOf(process).Contains(argument));

    private static string[] ArgumentsOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
