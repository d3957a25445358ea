using System.Diagnostics;
using System.Text;

namespace EtcSync.Git;

/// <summary>What a run of the git program gave.</summary>
internal sealed record GitOutput(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);
}

/// <summary>
/// The git program, for what libgit2 does differently from version to version (fetch, repack, fsck) and for people.
/// It runs without the machine's and the user's configuration, hooks, file system monitors and pagers, so that what it
/// does depends on the repository that we made and on nothing else.
/// </summary>
internal static class GitProgram
{
    private static readonly string[] Inherited = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_EXTERNAL_DIFF", "GIT_CEILING_DIRECTORIES", "GIT_QUARANTINE_PATH"];

    /// <summary>Options that keep a repository's own configuration from running anything.</summary>
    public static IReadOnlyList<string> Harmless { get; } =
        ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.untrackedCache=false",
            "-c", "submodule.recurse=false", "-c", "diff.ignoreSubmodules=all", "-c", "protocol.ext.allow=never"];

    /// <summary>Runs git on a git directory and waits for it.</summary>
    /// <param name="gitDirectory">The git directory, or null for a command that needs none.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <exception cref="IOException">Git cannot be started.</exception>
    public static GitOutput Run(string? gitDirectory, IEnumerable<string> arguments, CancellationToken cancellation = default) => Run(Prepare(gitDirectory, arguments), cancellation);

    /// <summary>The same on another index than the git directory's own.</summary>
    public static GitOutput RunOnIndex(string gitDirectory, string indexFile, IEnumerable<string> arguments, CancellationToken cancellation = default)
    {
        var start = Prepare(gitDirectory, arguments);
        start.Environment["GIT_INDEX_FILE"] = indexFile;
        return Run(start, cancellation);
    }

    private static GitOutput Run(ProcessStartInfo start, CancellationToken cancellation)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        using var process = Start(start);
        process.StandardInput.Close();
        using var registration = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return new(process.ExitCode, output.ToArray(), error.GetAwaiter().GetResult().Trim());
    }

    /// <summary>Runs git and returns its output.</summary>
    /// <exception cref="IOException">Git cannot be started, or returns another code than 0.</exception>
    public static string Check(string? gitDirectory, IEnumerable<string> arguments, CancellationToken cancellation = default)
    {
        var list = arguments.ToList();
        var result = Run(gitDirectory, list, cancellation);
        return result.ExitCode == 0
            ? result.Text
            : throw new IOException($"'git {string.Join(' ', list)}' failed on {gitDirectory ?? "no repository"} with code {result.ExitCode}: {result.Error}");
    }

    /// <summary>Runs git on the terminal of our own process and returns its exit code.</summary>
    public static int RunAttached(string gitDirectory, string workTree, IEnumerable<string> arguments)
    {
        var start = Prepare(gitDirectory, ["--work-tree=" + workTree, "-c", "core.bare=false", .. arguments]);
        start.WorkingDirectory = workTree;
        start.Environment.Remove("GIT_TERMINAL_PROMPT");
        using var process = Start(start);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>The same for a command that writes files: they are nobody else's to read (umask 077).</summary>
    public static int RunAttachedForWriting(string gitDirectory, string workTree, IEnumerable<string> arguments)
    {
        var git = Prepare(gitDirectory, ["--work-tree=" + workTree, "-c", "core.bare=false", .. arguments]);
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = workTree };
        // The arguments are the shell's positional parameters: it expands nothing in them.
        foreach (var argument in (IEnumerable<string>)["-c", "umask 077; exec git \"$@\"", "git", .. git.ArgumentList]) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in git.Environment) start.Environment[name] = value;
        start.Environment.Remove("GIT_TERMINAL_PROMPT");
        using var process = Start(start);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static ProcessStartInfo Prepare(string? gitDirectory, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git") { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var option in Harmless) start.ArgumentList.Add(option);
        if (gitDirectory is not null) start.ArgumentList.Add("--git-dir=" + gitDirectory);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in Inherited) start.Environment.Remove(name);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = SafeDirectoryConfiguration.Value;
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        start.Environment["GIT_ADVICE"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException("git did not start.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"The git program cannot be started: {e.Message}. Install the package 'git'.", e);
        }
    }

    // git refuses repositories of other users unless a configuration file (no environment variable: upload-pack drops
    // those) says otherwise. Upstream may belong to anybody; what runs on it are read-only commands without hooks.
    private static class SafeDirectoryConfiguration
    {
        public static string Value { get; } = Create();

        private static string Create()
        {
            var directory = Directory.CreateTempSubdirectory("etcsync-git-").FullName;
            var file = Path.Combine(directory, "config");
            File.WriteAllText(file, "[safe]\n\tdirectory = *\n[user]\n\tname = EtcSync\n\temail = etcsync@localhost\n[advice]\n\tdetachedHead = false\n");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(directory);
            return file;
        }

        private static void Remove(string directory)
        {
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (IOException)
            {
                // A leftover in the temporary directory harms nobody.
            }
        }
    }
}
