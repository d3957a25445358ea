using System.Text;
using EtcSync.Core.Etckeeper;

namespace EtcSync.Benchmarks;

/// <summary>An upstream of about two thousand files in 150 directories, as large as a real /etc, with a .etckeeper as etckeeper writes it.</summary>
internal sealed class SyntheticEtc(string directory)
{
    public const int Files = 2_000;
    private const int Directories = 150;

    public void Create()
    {
        Directory.CreateDirectory(directory);
        Shell.Git(directory, "init", "-q", "-b", "master");
        for (var i = 0; i < Files; i++)
        {
            var path = Path.Combine(directory, PathOf(i));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Content(i, ""));
        }

        File.WriteAllText(Path.Combine(directory, "passwd"), "root:x:0:0:root:/root:/bin/bash\nman:x:6:12:man:/var:/bin/sh\n");
        File.WriteAllText(Path.Combine(directory, "group"), "root:x:0:\nman:x:12:\nshadow:x:42:\n");
        File.WriteAllText(Path.Combine(directory, "machine-id"), "0123456789abcdef0123456789abcdef\n");
        File.WriteAllText(Path.Combine(directory, "hostname"), "upstream\n");
        File.WriteAllText(Path.Combine(directory, ".gitignore"), "ld.so.cache\nmtab\n*.dpkg-new\n*~\n");
        Commit("everything");
    }

    /// <summary>Changes five files, as a typical commit does.</summary>
    public void CommitRollout(int round)
    {
        for (var i = 0; i < 5; i++)
        {
            var file = ((round * 5) + i) % (Files / 2) * 2;
            File.WriteAllText(Path.Combine(directory, PathOf(file)), Content(file, $"round {round}"));
        }

        Commit($"rollout {round}");
    }

    /// <summary>A file that no rollout touches.</summary>
    public static string OwnPath(int client, int commit) => PathOf((((client * 7) + (commit * 31)) % (Files / 2) * 2) + 1);

    public static string PathOf(int file) => $"area{file % Directories / 10}/service{file % Directories}.d/{file:0000}-option.conf";

    public static string Content(int file, string note)
    {
        var text = new StringBuilder();
        text.Append($"# Configuration file {file}\n{note}\n");
        for (var line = 0; line < 20 + (file % 60); line++) text.Append($"Option{line}={file * line % 977}\n");
        return text.ToString();
    }

    private void Commit(string message)
    {
        var entries = new List<ObservedEntry> { new(".", ObservedKind.Directory, 0x1ED) };
        foreach (var path in Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(directory, path);
            if (relative == ".git" || relative.StartsWith(".git/", StringComparison.Ordinal)) continue;
            entries.Add(new(relative, Directory.Exists(path) ? ObservedKind.Directory : ObservedKind.File, (int)File.GetUnixFileMode(path)));
        }

        var file = Path.Combine(directory, EtckeeperFile.FileName);
        File.WriteAllBytes(file, EtckeeperFile.FromObserved(entries, EtckeeperSpelling.DotSlash).Write());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Shell.Git(directory, "add", "-A");
        Shell.Git(directory, "commit", "-q", "-m", message);
    }
}
