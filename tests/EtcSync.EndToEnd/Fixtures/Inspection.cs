using System.Text.Json;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>Looks at a client from outside, with git and find, and says what is wrong with it.</summary>
internal static class Inspection
{
    private static readonly HashSet<string> OfItself = new(StringComparer.Ordinal) { "machine-id", "hostname", EtckeeperFile.FileName };

    /// <summary>
    /// The branch is what is live, content and modes; .etckeeper is true; nothing is left over in work tree, staging area and
    /// git directory; git finds no fault; and nothing was merged twice.
    /// </summary>
    public static void AssertWhole(this Cluster cluster, string client)
    {
        cluster.AssertInOrder(client);
        var branch = cluster.GitOf(client, "ls-tree", "-r", "-z", "HEAD").Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Entry).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var live = Files(cluster, client).Where(path => path != ".pwd.lock").Select(path => Live(cluster, client, path)).ToList();
        Assert.Equal(branch.Values.OrderBy(entry => entry.Path, StringComparer.Ordinal), live.OrderBy(entry => entry.Path, StringComparer.Ordinal));
        var metadata = Cluster.MetadataOf(cluster.ClientPath(client), path => !branch.ContainsKey(path));
        Assert.Equal(System.Text.Encoding.UTF8.GetString(metadata), cluster.Read(client, EtckeeperFile.FileName));
        var taken = cluster.GitOf(client, "log", "--first-parent", "--merges", "--format=%P", "client/" + client)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(parents => parents.Split(' ')[1]).ToList();
        Assert.Equal(taken.Distinct(), taken);
        Assert.Empty(Directory.EnumerateFiles(cluster.GitDirectory(client), "*.lock", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(cluster.ClientPath(client, ".git")));
    }

    /// <summary>All files of upstream are there with upstream's content, mode and owner, but for the identity and what is named.</summary>
    public static void AssertLikeUpstream(this Cluster cluster, string client, params string[] except)
    {
        var own = except.Concat(OfItself).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(Listing(cluster.Upstream, own), Listing(cluster.ClientPath(client), own));
    }

    /// <summary>The commit of a client's branch.</summary>
    public static string Head(this Cluster cluster, string client) => cluster.GitOf(client, "rev-parse", "client/" + client).Trim();

    /// <summary>Whether a text was ever committed on a client's branch, in any version of any file.</summary>
    public static string History(this Cluster cluster, string client, string path) => cluster.GitOf(client, "log", "-p", "--first-parent", "-m", "--format=%h %an %s", "client/" + client, "--", path);

    /// <summary>Runs 'etcsync sync' to its end, and returns the outcomes by client.</summary>
    public static Dictionary<string, string> RunSync(this Cluster cluster, params string[] arguments)
    {
        var (code, output) = RunningProgram.Run(cluster.Root, ["sync", "--json", .. arguments]);
        Assert.True(code == 0, $"sync returned {code}:\n{output}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("clients").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("outcome").GetString()!, StringComparer.Ordinal);
    }

    /// <summary>A further sync finds nothing to do, and moves no branch.</summary>
    public static void AssertQuiet(this Cluster cluster, params string[] clients)
    {
        var before = clients.Select(cluster.Head).ToList();
        Assert.All(cluster.RunSync(), pair => Assert.Equal("unchanged", pair.Value));
        Assert.Equal(before, clients.Select(cluster.Head));
    }

    private static string[] Files(Cluster cluster, string client) =>
        Tool.Run("find", cluster.ClientPath(client), "!", "-type", "d", "-printf", "%P\\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static (string Path, string Mode, string Id) Entry(string line)
    {
        var (head, path) = (line[..line.IndexOf('\t', StringComparison.Ordinal)].Split(' '), line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]);
        return (path, head[0], head[2]);
    }

    private static (string Path, string Mode, string Id) Live(Cluster cluster, string client, string path)
    {
        var file = new FileInfo(cluster.ClientPath(client, path));
        if (file.LinkTarget is { } target) return (path, "120000", ObjectId.Hash(ObjectType.Blob, System.Text.Encoding.UTF8.GetBytes(target)).ToString());
        var mode = (file.UnixFileMode & UnixFileMode.UserExecute) != UnixFileMode.None ? "100755" : "100644";
        return (path, mode, ObjectId.Hash(ObjectType.Blob, File.ReadAllBytes(file.FullName)).ToString());
    }

    private static List<string> Listing(string top, HashSet<string> own)
    {
        var lines = Tool.Run("find", top, "-path", top + "/.git", "-prune", "-o", "-printf", "%y %m %U:%G %l\t%P\\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => (Text: line, Path: line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..])).Where(line => !own.Contains(line.Path))
            .Select(line => line.Text[0] == 'f' ? $"{line.Text} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(top, line.Path))))}" : line.Text)
            .Order(StringComparer.Ordinal)];
    }
}
