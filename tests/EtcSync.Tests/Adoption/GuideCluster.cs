using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Adoption;

/// <summary>The cluster of tests/fixtures/guide-cluster below a directory of its own, with real clones, as its guide has people build it: with every fault.</summary>
internal sealed class GuideCluster : IDisposable
{
    public const int Clients = 6;

    private readonly Cluster _cluster;

    public GuideCluster()
    {
        _cluster = new([], firstCommit: cluster =>
        {
            cluster.Put("ssh/ssh_host_ed25519_key", "upstream's private key\n", 0x180);
            cluster.Put("ssh/ssh_host_ed25519_key.pub", "upstream's public key\n");
            cluster.Put("udev/udev.conf", "# udev\n");
            cluster.Put(".gitignore", "ld.so.cache\nmtab\nudev/hwdb.bin\n.pwd.lock\n");
        });
        Directory.Delete(Path.Combine(Root, "etc/etcsync"), recursive: true);
        _cluster.Put("ld.so.cache", "the linker's cache");
        _cluster.Put("udev/hwdb.bin", "hardware");
        File.CreateSymbolicLink(_cluster.UpstreamPath("mtab"), "../proc/self/mounts");
        for (var i = 0; i < Clients; i++) Tool.Run("git", "clone", "-q", Path.Combine(Upstream, ".git"), Clone(i));
        foreach (var file in (string[])["exports", "hosts", "dnsmasq.conf"]) File.Copy(Fixture(file), Path.Combine(Root, "etc", file));
        Directory.CreateDirectory(Boot("pxelinux.cfg"));
        File.Copy(Fixture("pxelinux.cfg/default"), Boot("pxelinux.cfg/default"));
        foreach (var file in (string[])["vmlinuz-linux", "initramfs-linux.img", "initramfs-linux-fallback.img"]) File.WriteAllText(Boot(file), file);
        var loaders = Path.Combine(Root, "srv/root/usr/lib/syslinux/bios");
        Directory.CreateDirectory(loaders);
        foreach (var file in (string[])["pxelinux.0", "ldlinux.c32"])
        {
            File.WriteAllText(Path.Combine(loaders, file), file);
            File.CreateSymbolicLink(Boot(file), "../usr/lib/syslinux/bios/" + file);
        }
    }

    public string Root => _cluster.Root;

    public string Upstream => _cluster.Upstream;

    public string Clone(int client, string path = "") => Path.Combine(Root, $"srv/etc-client{client}", path);

    public string Etc(string path) => Path.Combine(Root, "etc", path);

    public string Boot(string path) => Path.Combine(Root, "srv/root/boot", path);

    public string Read(int client, string path) => File.ReadAllText(Clone(client, path));

    public string Attributes(int client, string path) => Tool.Run("stat", "-c", "%a %u:%g", Clone(client, path)).Trim();

    /// <summary>Changes upstream and commits it, as etckeeper does.</summary>
    public void Commit(string path, string content)
    {
        _cluster.Put(path, content);
        _cluster.Commit($"upstream's {path}");
    }

    /// <summary>Commits on a client, as a person does there.</summary>
    public void CommitOn(int client, string path, string content)
    {
        File.WriteAllText(Clone(client, path), content);
        Tool.Git(Clone(client), "add", "-A");
        Tool.Git(Clone(client), "commit", "-q", "-m", $"{path} of client{client}");
    }

    /// <summary>A merge that stopped on a client.</summary>
    public void Disagree(int client)
    {
        CommitOn(client, "motd", "mine\n");
        Commit("motd", "theirs\n");
        Tool.Try("git", "-C", Clone(client), "-c", "user.name=x", "-c", "user.email=x@x", "pull", "--no-rebase", "-q");
    }

    public CommandOutput Run(params string[] arguments) => CommandLine.On(_cluster, arguments);

    /// <summary>Every file of the sandbox with its content, to see whether anything changed.</summary>
    public string Snapshot() => Tool.Run("/bin/sh", "-c", $"cd '{Root}' && find etc srv var -path '*/.etcsync' -prune -o -printf '%p %y %m %U %G %l\\n' | sort; find etc srv -type f -print0 | sort -z | xargs -0 sha1sum");

    public void Dispose() => _cluster.Dispose();

    private static string Fixture(string path)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent ?? throw new InvalidOperationException("EtcSync.sln is nowhere above the tests.");
        return Path.Combine(directory.FullName, "tests/fixtures/guide-cluster", path);
    }
}
