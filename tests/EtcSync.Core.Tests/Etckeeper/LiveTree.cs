using System.Diagnostics;
using System.Text;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;

namespace EtcSync.Core.Tests.Etckeeper;

/// <summary>
/// A real repository in a temporary directory: shell commands make it, the real etckeeper stores its metadata, and
/// find and git say what is in it.
/// </summary>
internal sealed class LiveTree : IDisposable
{
    private static readonly Lazy<string> Unpacked = new(Unpack);
    private readonly string _directory = Directory.CreateTempSubdirectory("etcsync-etckeeper-").FullName;

    public LiveTree() => Shell("chmod 755 . && git init -q . && git config user.name T && git config user.email t@example.org");

    /// <summary>Whether the tests may give files away.</summary>
    public static bool IsRoot { get; } = Environment.IsPrivilegedProcess;

    /// <summary>Runs a command in the tree and returns what it prints.</summary>
    public byte[] Shell(string command) => Run("/bin/sh", ["-euc", command], _directory);

    /// <summary>The .etckeeper that the real etckeeper writes.</summary>
    public byte[] StoreMetadata()
    {
        Run(Path.Combine(Unpacked.Value, "etc/etckeeper/pre-commit.d/30store-metadata"), [], _directory);
        return File.ReadAllBytes(Path.Combine(_directory, EtckeeperFile.FileName));
    }

    /// <summary>The tree as a scan sees it.</summary>
    public ObservedEntry[] Observe()
    {
        var ignored = Records("git ls-files -z -oi --exclude-standard; git ls-files -z -oi --exclude-standard --directory")
            .Select(path => path.TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        var empty = Records("find . -path ./.git -prune -o -type d -empty -print0").ToHashSet(StringComparer.Ordinal);
        var (user, group) = (Encoding.ASCII.GetString(Shell("id -u")).Trim(), Encoding.ASCII.GetString(Shell("id -g")).Trim());
        var fields = Records("find . -path ./.git -prune -o -printf '%p\\0%y\\0%m\\0%U\\0%u\\0%G\\0%g\\0'");
        return [.. fields.Chunk(7).Where(field => field[1] is "f" or "d" or "l").Select(Entry)];

        ObservedEntry Entry(string[] field)
        {
            var path = field[0] == "." ? "." : field[0][2..];
            return new(
                path,
                field[1] switch { "d" => ObservedKind.Directory, "l" => ObservedKind.SymbolicLink, _ => ObservedKind.File },
                Convert.ToInt32(field[2], 8),
                field[3] == user ? null : field[4],
                field[5] == group ? null : field[6],
                empty.Contains(field[0]),
                ignored.Contains(path));
        }
    }

    /// <inheritdoc/>
    // rm takes names that are not UTF-8, which the runtime does not.
    public void Dispose() => Run("/bin/rm", ["-rf", _directory], "/");

    private string[] Records(string command)
    {
        var bytes = Shell(command);
        var records = new List<string>();
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)0, start);
            records.Add(GitName.Decode(bytes.AsSpan()[start..end]));
            start = end + 1;
        }

        return [.. records];
    }

    private static string Unpack()
    {
        if (Environment.GetEnvironmentVariable("ETCSYNC_TEST_ETCKEEPER") is { Length: > 0 } given) return given;
        var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var output = Run("/bin/sh", [Path.Combine(Fixtures(), "etckeeper.sh"), Path.Combine(caches, "etcsync-tests", "etckeeper")], "/");
        return Encoding.UTF8.GetString(output).Trim();
    }

    private static string Fixtures()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "EtcSync.sln"))) return Path.Combine(directory, "tests", "fixtures");
        }

        throw new DirectoryNotFoundException("The tests do not run below the directory of EtcSync.sln.");
    }

    private static byte[] Run(string program, string[] arguments, string directory)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["VCS"] = "git";
        // No setting of the machine or the user that runs the tests may change what git ignores or how it quotes.
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["XDG_CONFIG_HOME"] = "/nonexistent";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {errors.Result}");
        return output.ToArray();
    }
}
