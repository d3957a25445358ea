using System.Diagnostics;
using System.Text;
using EtcSync.Core.Git;

namespace EtcSync.Tests.Plumbing;

/// <summary>A bare repository of many small histories, made by one <c>git fast-import</c>, and what the real git makes of it.</summary>
internal sealed class GitHistory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("etcsync-history-");

    public GitHistory() => Run([], "init", "-q", "--bare");

    public string GitDirectory => _directory.FullName;

    /// <summary>Makes the branches "base/i", "ours/i" and "theirs/i" of each triple.</summary>
    public GitHistory Add(IReadOnlyList<MergeTriple> triples)
    {
        using var stream = new MemoryStream();
        for (var i = 0; i < triples.Count; i++)
        {
            Commit(stream, $"base/{i}", null, triples[i].Ancestor);
            Commit(stream, $"ours/{i}", $"base/{i}", triples[i].Ours);
            Commit(stream, $"theirs/{i}", $"base/{i}", triples[i].Theirs);
        }

        Run(stream.ToArray(), "fast-import", "--quiet");
        return this;
    }

    /// <summary>Makes a branch with one commit of a tree.</summary>
    public ObjectId Add(string branch, string? parent, FileTree tree)
    {
        using var stream = new MemoryStream();
        Commit(stream, branch, parent, tree);
        Run(stream.ToArray(), "fast-import", "--quiet");
        return Resolve(branch);
    }

    public ObjectId Resolve(string revision) => ObjectId.Parse(Text("rev-parse", revision));

    /// <summary>The tree of every branch.</summary>
    public IReadOnlyDictionary<string, ObjectId> Trees() => Text("for-each-ref", "--format=%(refname:lstrip=2) %(tree)").Split('\n')
        .Select(line => line.Split(' ')).ToDictionary(words => words[0], words => ObjectId.Parse(words[1]), StringComparer.Ordinal);

    /// <summary>Merges "ours/i" and "theirs/i" as git does without rename detection: the tree, and the paths in conflict.</summary>
    public IReadOnlyList<(ObjectId Tree, string[] Conflicts)> Merge(int count)
    {
        var input = string.Concat(Enumerable.Range(0, count).Select(i => $"ours/{i} theirs/{i}\n"));
        var words = Encoding.UTF8.GetString(Run(Encoding.UTF8.GetBytes(input), "-c", "merge.renames=false", "merge-tree", "--stdin", "--name-only", "--no-messages")).Split('\0');
        var merges = new List<(ObjectId, string[])>();
        for (var at = 0; at < words.Length - 1;)
        {
            // Whether it is clean, the tree, the paths, and nothing.
            var tree = ObjectId.Parse(words[at + 1].TrimEnd('\n'));
            var end = Array.IndexOf(words, "", at + 2);
            merges.Add((tree, words[at] == "1" ? [] : words[(at + 2)..end]));
            at = end + 1;
        }

        Assert.Equal(count, merges.Count);
        return merges;
    }

    /// <summary>The files of a tree: mode, path and content.</summary>
    public FileTree Read(ObjectId tree)
    {
        var files = new FileTree();
        foreach (var line in Text("ls-tree", "-r", "-z", tree.ToString()).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var words = line[..tab].Split(' ');
            files.Set(line[(tab + 1)..], new FileEntry(words[0], Run([], "cat-file", "blob", words[2])));
        }

        return files;
    }

    public string Text(params string[] arguments) => Encoding.UTF8.GetString(Run([], arguments)).Trim('\n');

    public void Dispose() => _directory.Delete(recursive: true);

    private static void Commit(MemoryStream stream, string branch, string? parent, FileTree tree)
    {
        Write($"commit refs/heads/{branch}\ncommitter A <a@example.org> 1700000000 +0000\ndata {Encoding.UTF8.GetByteCount(branch)}\n{branch}\n");
        if (parent is not null) Write($"from refs/heads/{parent}\ndeleteall\n");
        foreach (var (path, file) in tree.Files)
        {
            Write($"M {file.Mode} inline \"{Quoted(path)}\"\ndata {file.Content.Length}\n");
            stream.Write(file.Content);
            Write("\n");
        }

        Write("\n");

        void Write(string text) => stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string Quoted(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private byte[] Run(byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = GitDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["HOME"] = GitDirectory, ["XDG_CONFIG_HOME"] = GitDirectory, ["GIT_CONFIG_NOSYSTEM"] = "1", ["GIT_DIR"] = GitDirectory },
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
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)} gave {process.ExitCode}");
        return output.ToArray();
    }
}
