using System.Collections.Immutable;
using System.Text;
using EtcSync.Clients;
using EtcSync.Configuration;
using EtcSync.Core.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.State;

namespace EtcSync.Tests.Fixtures;

/// <summary>A cluster below a temporary directory: a real upstream made by the real git, with modes and owners, and clients.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly string[] _clients;
    private readonly string _moreSettings;
    private readonly string _policies;
    private Workspace _workspace;

    public Cluster(string[] clients, string moreSettings = "", string policies = "", Action<Cluster>? firstCommit = null)
    {
        Root = Directory.CreateTempSubdirectory("etcsync-test-").FullName;
        (_clients, _moreSettings, _policies) = (clients, moreSettings, policies);
        Directory.CreateDirectory(Upstream);
        Tool.Git(Upstream, "init", "-q", "-b", "master");
        Put("passwd", "root:x:0:0:root:/root:/bin/bash\nman:x:6:12:man:/var:/bin/sh\n");
        Put("group", "root:x:0:\nman:x:12:\nshadow:x:42:\n");
        Put("shadow", "root:*:19000:0:99999:7:::\n", 0x1A0, 0, 42);
        Put("hostname", "upstream\n");
        Put("machine-id", "0123456789abcdef0123456789abcdef\n", 0x124);
        Put("motd", "one\ntwo\nthree\nfour\nfive\n");
        Put("ssh/sshd_config", "Port 22\nPermitRootLogin no\n");
        Put(".gitignore", "ld.so.cache\n*.cache\nrun/\n");
        Directory.CreateDirectory(UpstreamPath("opt"));
        // Drift is settled at once, and a handful of files is no mass.
        for (var i = 0; i < 40; i++) Put($"conf.d/{i:00}.conf", $"value={i}\n");
        firstCommit?.Invoke(this);
        Commit("everything");
        Configure(_policies);
        _workspace = Open();
    }

    public string Root { get; }

    public string Upstream => Path.Combine(Root, "srv/root/etc");

    public Workspace Workspace => _workspace;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string UpstreamPath(string path) => Path.Combine(Upstream, path);

    public string ClientPath(string client, string path = "") => Path.Combine(Root, $"srv/etc-{client}", path);

    public string GitDirectory(string client) => _workspace.State.GitDirectory(ClientName.Parse(client));

    public void Put(string path, string content, int mode = 0x1A4, int uid = 0, int gid = 0)
    {
        var file = UpstreamPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        File.SetUnixFileMode(file, (UnixFileMode)mode);
        if (uid != 0 || gid != 0) Tool.Run("chown", $"{uid}:{gid}", file);
    }

    public string Commit(string message)
    {
        WriteMetadata();
        Tool.Git(Upstream, "add", "-A");
        Tool.Git(Upstream, "commit", "-q", "--allow-empty", "-m", message);
        return Tool.Git(Upstream, "rev-parse", "HEAD").Trim();
    }

    public void Configure(string policies)
    {
        Directory.CreateDirectory(Path.Combine(Root, "etc/etcsync/policies"));
        File.WriteAllText(Path.Combine(Root, "etc/etcsync/etcsync.yaml"), $"version: 1\nupstream:\n  branch: master\n{_moreSettings}");
        var inventory = new StringBuilder(_clients.Length == 0 ? "" : "version: 1\nclients:\n");
        for (var i = 0; i < _clients.Length; i++)
        {
            var parts = _clients[i].Split(':');
            inventory.Append($"  - name: {parts[0]}\n    mac: 02:00:00:00:00:{i:x2}\n");
            if (parts.Length > 1) inventory.Append($"    groups: [{parts[1]}]\n");
        }

        File.WriteAllText(Path.Combine(Root, "etc/etcsync/inventory.yaml"), inventory.ToString());
        File.WriteAllText(Path.Combine(Root, "etc/etcsync/policies/80-site.yaml"), policies);
        _workspace = Open();
    }

    /// <summary>Reads the configuration again, as another process has written it.</summary>
    public void Reload() => _workspace = Open();

    public void SetGroups(params string[] clients)
    {
        clients.CopyTo(_clients, 0);
        Configure(_policies);
    }

    public ImmutableArray<ClientOutcome> Sync(SyncRequest? request = null, bool acceptRewrite = false)
    {
        var clients = _workspace.Configuration.Inventory.Clients;
        var target = new FleetObserver(_workspace).Take(clients, acceptRewrite, CancellationToken.None);
        return new FleetSync(_workspace).Run(clients, target, _ => request ?? SyncRequest.Now, _ => { }, CancellationToken.None);
    }

    public ClientOutcome SyncOne(SyncRequest? request = null, bool acceptRewrite = false) => Sync(request, acceptRewrite).Single();

    public string Read(string client, string path) => File.ReadAllText(ClientPath(client, path));

    public string GitOf(string client, params string[] arguments) =>
        Encoding.UTF8.GetString(GitProgram.Run(GitDirectory(client), ["--work-tree=" + ClientPath(client), "-c", "core.bare=false", .. arguments]).Output);

    /// <summary>Nothing left to do, nothing out of place: git agrees, and nothing is left in the staging area.</summary>
    public void AssertInOrder(string client)
    {
        var fsck = Tool.Try("git", "--git-dir=" + GitDirectory(client), "fsck", "--no-dangling", "--strict");
        Assert.True(fsck.Code == 0, fsck.Error + fsck.Output);
        Assert.Equal("", GitOf(client, "status", "--porcelain"));
        var staging = Path.Combine(Root, "srv/.etcsync", client);
        Assert.Equal(["kept"], Directory.EnumerateFileSystemEntries(staging).Select(Path.GetFileName));
        Assert.False(File.Exists(Path.Combine(GitDirectory(client), ClientRepository.ApplyingRef)));
    }

    /// <summary>Modes and owners as the client's .etckeeper says.</summary>
    public string Attributes(string client, string path) => Tool.Run("stat", "-c", "%a %u:%g", ClientPath(client, path)).Trim();

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private Workspace Open()
    {
        var locations = new Locations(Root);
        var loaded = ConfigurationLoader.Load(locations);
        return new(locations, loaded.Value ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems)), Time);
    }

    /// <summary>
    /// What .etckeeper should say of a directory: as the real etckeeper does (the real one has its own tests), but quick, and
    /// with names from the cluster's own accounts.
    /// </summary>
    public static byte[] MetadataOf(string top, Func<string, bool> isIgnored)
    {
        var entries = new List<ObservedEntry>();
        foreach (var line in Tool.Run("find", top, "-path", top + "/.git", "-prune", "-o", "-printf", "%y %m %U %G %P\\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 5);
            if (parts[0] is not ("f" or "d")) continue;
            var path = parts[4].Length == 0 ? "." : parts[4];
            // The account tools' lock is local: etckeeper would name it, and no policy lets it be committed.
            if (path == ".pwd.lock") continue;
            var kind = parts[0] == "d" ? ObservedKind.Directory : ObservedKind.File;
            entries.Add(new(path, kind, Convert.ToInt32(parts[1], 8), Name(parts[2], "6", "man"), parts[3] == "0" ? null : parts[3] == "42" ? "shadow" : "man",
                kind == ObservedKind.Directory && !Directory.EnumerateFileSystemEntries(Path.Combine(top, parts[4])).Any(), kind == ObservedKind.File && isIgnored(path)));
        }

        return EtckeeperFile.FromObserved(entries, EtckeeperFilter.SpellingOf(entries)).Write();

        static string? Name(string id, string known, string name) => id == "0" ? null : id == known ? name : id;
    }

    private void WriteMetadata()
    {
        var ignored = Tool.Git(Upstream, "ls-files", "--others", "--ignored", "--exclude-standard", "-z").Split('\0').ToHashSet(StringComparer.Ordinal);
        var file = UpstreamPath(EtckeeperFile.FileName);
        File.WriteAllBytes(file, MetadataOf(Upstream, ignored.Contains));
        File.SetUnixFileMode(file, (UnixFileMode)EtckeeperFile.FileMode);
    }
}
