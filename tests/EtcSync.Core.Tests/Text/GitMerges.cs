using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EtcSync.Core.Tests.Text;

/// <summary>One file in three versions.</summary>
internal sealed record MergeCase(byte[] Ancestor, byte[] Ours, byte[] Theirs)
{
    public static MergeCase Of(string ancestor, string ours, string theirs) =>
        new(Encoding.UTF8.GetBytes(ancestor), Encoding.UTF8.GetBytes(ours), Encoding.UTF8.GetBytes(theirs));

    public override string ToString() => $"ancestor {Show(Ancestor)}\nours     {Show(Ours)}\ntheirs   {Show(Theirs)}";

    public static string Show(byte[] content) => '"' + Encoding.Latin1.GetString(content).Replace("\r", "\\r").Replace("\n", "\\n").Replace("\0", "\\0") + '"';
}

/// <summary>
/// What the real git makes of many merges: all cases are files of one history with a base and two sides, merged by one
/// <c>git merge-tree</c>, so that thousands of cases cost seconds.
/// </summary>
internal static class GitMerges
{
    /// <summary>Per case the merged content, or null for a conflict.</summary>
    public static byte[]?[] Merge(IReadOnlyList<MergeCase> cases)
    {
        using var git = new Repository(cases);
        var output = git.Run([], "-c", "merge.renames=false", "merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "ours", "theirs");
        var words = Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var conflicts = words.Skip(1).Select(Number).ToHashSet();
        var clean = Enumerable.Range(0, cases.Count).Where(i => !conflicts.Contains(i)).ToList();
        var wanted = string.Concat(clean.Select(i => $"{words[0]}:{Path(i)}\n"));
        var merged = new byte[]?[cases.Count];
        var batch = git.Run(Encoding.UTF8.GetBytes(wanted), "cat-file", "--batch").AsSpan();
        foreach (var i in clean)
        {
            var header = Encoding.UTF8.GetString(batch[..batch.IndexOf((byte)'\n')]);
            var size = int.Parse(header.Split(' ')[2], CultureInfo.InvariantCulture);
            merged[i] = batch.Slice(header.Length + 1, size).ToArray();
            batch = batch[(header.Length + size + 2)..];
        }

        return merged;
    }

    /// <summary>Per case the changes from the ancestor to ours, as git compares files when it merges.</summary>
    public static List<(int BeforeStart, int BeforeCount, int AfterStart, int AfterCount)>[] Diff(IReadOnlyList<MergeCase> cases)
    {
        using var git = new Repository(cases);
        // One line of context: with none, git diff leaves out the common end of the files first, which a merge does not.
        var output = git.Run([], "diff", "-U1", "--diff-algorithm=histogram", "--no-indent-heuristic", "--no-renames", "base", "ours");
        var changes = cases.Select(_ => new List<(int, int, int, int)>()).ToArray();
        var current = changes[0];
        var (before, after) = (0, 0);
        foreach (var line in Encoding.Latin1.GetString(output).Split('\n'))
        {
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                current = changes[Number(line)];
            }
            else if (line.StartsWith("@@ ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                (before, after) = (Start(words[1]), Start(words[2]));
            }
            else if (line.StartsWith(' '))
            {
                before++;
                after++;
            }
            else if (line.StartsWith('-') && !line.StartsWith("---", StringComparison.Ordinal))
            {
                Add(1, 0);
            }
            else if (line.StartsWith('+') && !line.StartsWith("+++", StringComparison.Ordinal))
            {
                Add(0, 1);
            }
        }

        return changes;

        static int Start(string range)
        {
            var parts = range[1..].Split(',');
            var start = int.Parse(parts[0], CultureInfo.InvariantCulture);
            // An empty range is named by the line before it.
            return parts is [_, "0"] ? start : start - 1;
        }

        void Add(int removed, int added)
        {
            if (current is [.., var (lastBefore, lastRemoved, lastAfter, lastAdded)] && lastBefore + lastRemoved == before && lastAfter + lastAdded == after)
                current[^1] = (lastBefore, lastRemoved + removed, lastAfter, lastAdded + added);
            else
                current.Add((before, removed, after, added));
            before += removed;
            after += added;
        }
    }

    private static string Path(int i) => $"f/{i / 200}/{i}";

    private static int Number(string path) => int.Parse(path[(path.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);

    private static byte[] History(IReadOnlyList<MergeCase> cases)
    {
        using var stream = new MemoryStream();
        Commit("refs/heads/base", "mark :1\n", "", c => c.Ancestor);
        Commit("refs/heads/ours", "", "from :1\n", c => c.Ours);
        Commit("refs/heads/theirs", "", "from :1\n", c => c.Theirs);
        return stream.ToArray();

        void Write(string text) => stream.Write(Encoding.UTF8.GetBytes(text));

        void Commit(string name, string mark, string from, Func<MergeCase, byte[]> version)
        {
            Write($"commit {name}\n{mark}committer A <a@example.org> 1700000000 +0000\ndata 0\n{from}");
            for (var i = 0; i < cases.Count; i++)
            {
                var content = version(cases[i]);
                Write($"M 100644 inline {Path(i)}\ndata {content.Length}\n");
                stream.Write(content);
                Write("\n");
            }

            Write("\n");
        }
    }

    private sealed class Repository : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("etcsync-merges-");

        public Repository(IReadOnlyList<MergeCase> cases)
        {
            Run([], "init", "-q", "--bare");
            Run(History(cases), "fast-import", "--quiet");
        }

        public void Dispose() => _directory.Delete(recursive: true);

        public byte[] Run(byte[] input, params string[] arguments)
        {
            var directory = _directory.FullName;
            var start = new ProcessStartInfo("git", arguments)
            {
                UseShellExecute = false,
                WorkingDirectory = directory,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { ["HOME"] = directory, ["XDG_CONFIG_HOME"] = directory, ["GIT_CONFIG_NOSYSTEM"] = "1", ["GIT_DIR"] = directory },
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
            // 1 is how merge-tree says that there were conflicts.
            Assert.True(process.ExitCode is 0 or 1, $"git {string.Join(' ', arguments)} gave {process.ExitCode}");
            return output.ToArray();
        }
    }
}
