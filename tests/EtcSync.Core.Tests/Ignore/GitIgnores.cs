using System.Diagnostics;
using System.Globalization;
using System.Text;
using EtcSync.Core.Git;

namespace EtcSync.Core.Tests.Ignore;

/// <summary>The rule that decides about a path: which file, which line, and its text as git shows it.</summary>
internal sealed record GitVerdict(string File, int Line, string Pattern)
{
    public bool IsIgnored => Line > 0 && !Pattern.StartsWith('!');
}

/// <summary>What the real <c>git check-ignore</c> says about many paths of a real tree.</summary>
internal static class GitIgnores
{
    /// <summary>Asks git; files need not exist, but directories that are asked for must, and their names be UTF-8.</summary>
    public static GitVerdict[] Check(IReadOnlyDictionary<string, byte[]> gitignores, IEnumerable<string> directories, IReadOnlyList<string> paths)
    {
        var root = Directory.CreateTempSubdirectory("etcsync-ignores-");
        try
        {
            Run(root.FullName, [], "init", "-q");
            foreach (var directory in directories) root.CreateSubdirectory(directory);
            foreach (var (directory, content) in gitignores)
            {
                root.CreateSubdirectory(directory.Length == 0 ? "." : directory);
                File.WriteAllBytes(Path.Combine(root.FullName, directory, ".gitignore"), content);
            }

            var input = paths.SelectMany(p => GitName.Encode(p).Append((byte)0)).ToArray();
            var fields = Fields(Run(root.FullName, input, "check-ignore", "--no-index", "--stdin", "-v", "-n", "-z"));
            Assert.Equal(paths.Count * 4, fields.Count);
            return [.. fields.Chunk(4).Select(f => new GitVerdict(f[0], f[1].Length == 0 ? 0 : int.Parse(f[1], CultureInfo.InvariantCulture), f[2]))];
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static List<string> Fields(byte[] output)
    {
        var fields = new List<string>();
        for (var rest = output.AsSpan(); !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)0);
            fields.Add(GitName.Decode(rest[..end]));
            rest = rest[(end + 1)..];
        }

        return fields;
    }

    private static byte[] Run(string directory, byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "core.excludesFile=/dev/null", .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["HOME"] = directory, ["XDG_CONFIG_HOME"] = directory, ["GIT_CONFIG_NOSYSTEM"] = "1", ["GIT_DIR"] = null, ["GIT_TEMPLATE_DIR"] = "" },
        };
        using var process = Process.Start(start)!;
        var feed = Task.Run(() =>
        {
            using var stdin = process.StandardInput.BaseStream;
            stdin.Write(input);
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        feed.Wait();
        process.WaitForExit();
        // 1 is how check-ignore says that nothing is ignored.
        Assert.True(process.ExitCode is 0 or 1, $"git {string.Join(' ', arguments)} gave {process.ExitCode}");
        return output.ToArray();
    }
}
