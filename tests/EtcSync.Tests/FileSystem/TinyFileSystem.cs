using System.Diagnostics;

namespace EtcSync.Tests.FileSystem;

/// <summary>A tmpfs of 64 KiB for the length of a test, where mounting is permitted.</summary>
internal sealed class TinyFileSystem : IDisposable
{
    private readonly string _path;

    private TinyFileSystem(string path) => _path = path;

    public static TinyFileSystem? TryMount(string path) =>
        Run("mount", "-t", "tmpfs", "-o", "size=64k", "none", path) ? new(path) : null;

    public void Dispose() => Run("umount", "-l", _path);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
