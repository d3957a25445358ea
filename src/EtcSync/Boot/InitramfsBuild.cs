using System.Diagnostics;

namespace EtcSync.Boot;

/// <summary>Builds the shared root's initial file systems, inside the shared root, in mounts of its own that are gone afterwards.</summary>
internal static class InitramfsBuild
{
    // The builders want /proc, /sys and /dev, and a root that is a mount. Everything is mounted in a namespace of this process alone.
    private const string Script = """
        set -e
        root=$1
        shift
        mount --rbind "$root" "$root"
        [ ! -d "$root/proc" ] || mount -t proc proc "$root/proc"
        [ ! -d "$root/sys" ] || mount --rbind /sys "$root/sys"
        [ ! -d "$root/dev" ] || mount --rbind /dev "$root/dev"
        [ ! -d "$root/run" ] || mount -t tmpfs tmpfs "$root/run"
        [ ! -d "$root/tmp" ] || mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C TERM=dumb chroot "$root" "$@"
        """;

    /// <summary>The command, as it is said inside the shared root.</summary>
    public static string[] CommandOf(InitramfsBuilder builder) => builder == InitramfsBuilder.Mkinitcpio ? ["mkinitcpio", "-P"] : ["update-initramfs", "-u", "-k", "all"];

    /// <summary>Runs the builder.</summary>
    /// <param name="place">Where the shared root is.</param>
    /// <param name="builder">Which one.</param>
    /// <param name="said">Is given each line that it prints.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="IOException">unshare(1) cannot be started.</exception>
    public static int Run(string place, InitramfsBuilder builder, Action<string> said, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("unshare") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var argument in (IEnumerable<string>)["--mount", "--propagation", "private", "--", "/bin/sh", "-c", Script, "sh", place, .. CommandOf(builder)]) start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new IOException("unshare did not start.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"unshare (util-linux) cannot be started: {e.Message}. It is needed to build inside the shared root.", e);
        }

        using (process)
        {
            process.StandardInput.Close();
            using var registration = cancellation.Register(() => process.Kill(entireProcessTree: true));
            var gate = new Lock();
            void Take(object sender, DataReceivedEventArgs line)
            {
                if (line.Data is not { } text) return;
                lock (gate) said(text);
            }

            process.OutputDataReceived += Take;
            process.ErrorDataReceived += Take;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
