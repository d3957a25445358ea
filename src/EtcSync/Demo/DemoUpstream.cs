using System.Diagnostics;
using System.Text;
using EtcSync.Configuration;
using EtcSync.Core.Accounts;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.WorkTrees;

namespace EtcSync.Demo;

/// <summary>The upstream of a demonstration: a real repository in a sandbox, with .etckeeper kept by the real etckeeper where there is one.</summary>
internal sealed class DemoUpstream
{
    private const string Script = "etc/etckeeper/pre-commit.d/30store-metadata";
    private const int Readable = 0x1A4; // 0644
    private const int ForShadow = 0x1A0; // 0640
    private const int ReadOnly = 0x124; // 0444
    private const int Private = 0x180; // 0600

    // What the plot needs, whatever the machine has.
    private static readonly (string Path, string Content, int Mode)[] Props =
    [
        ("hostname", "root-server\n", Readable),
        ("machine-id", "5f1d0c0ffee0000000000000000d0e00\n", ReadOnly),
        ("motd", "Welcome to the cluster.\n", Readable),
        ("ntp.conf", "# time servers\nserver 0.pool.ntp.org iburst\nserver 1.pool.ntp.org iburst\ndriftfile /var/lib/ntp/drift\nrestrict default nomodify\n", Readable),
        ("cron.d/backup", "# m h dom mon dow user command\n30 2 * * * root /usr/local/sbin/backup\n", Private),
        ("sysctl.d/60-cluster.conf", "net.core.somaxconn = 1024\nvm.swappiness = 10\n", Readable),
        (".gitignore", "# what etckeeper ignores, in short\nld.so.cache\n.pwd.lock\n*~\n*.swp\n*-\n", Readable),
    ];

    // For a machine that shows nothing of its own.
    private static readonly (string Path, string Content, int Mode)[] MadeUp =
    [
        ("passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n", Readable),
        ("group", "root:x:0:\ndaemon:x:1:\nshadow:x:42:\nnogroup:x:65534:\n", Readable),
        ("hosts", "127.0.0.1 localhost\n", Readable),
        ("fstab", "# the root comes over the network\n", Readable),
        ("ssh/sshd_config", "Port 22\nPermitRootLogin prohibit-password\n", Readable),
        ("profile", "export PATH=/usr/local/bin:/usr/bin:/bin\n", Readable),
        ("ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n", Readable),
    ];

    private readonly string? _etckeeper;

    private DemoUpstream(string directory, SandboxCopy copy)
    {
        (Directory, Files, Secrets) = (directory, copy.Files, copy.Secrets);
        string[] places = [Environment.GetEnvironmentVariable("ETCSYNC_ETCKEEPER") is { Length: > 0 } unpacked ? unpacked : "/", "/"];
        _etckeeper = places.Select(place => Path.Combine(place, Script)).FirstOrDefault(File.Exists);
    }

    /// <summary>Its work tree.</summary>
    public string Directory { get; }

    /// <summary>Files that came from the machine's own /etc.</summary>
    public int Files { get; }

    /// <summary>How many of them had to be made up.</summary>
    public int Secrets { get; }

    /// <summary>Whether the real etckeeper writes .etckeeper.</summary>
    public bool HasEtckeeper => _etckeeper is not null;

    /// <summary>Makes the repository with its first commit.</summary>
    public static DemoUpstream Create(string directory)
    {
        System.IO.Directory.CreateDirectory(directory);
        var policies = PolicySet.Load(ConfigurationLoader.Shipped()).Value ?? throw new InvalidDataException("The shipped policies are not valid.");
        var upstream = new DemoUpstream(directory, SandboxCopy.Copy("/etc", directory, policies));
        foreach (var (path, content, mode) in MadeUp)
        {
            if (!File.Exists(Path.Combine(directory, path))) upstream.Put(path, content, mode);
        }

        foreach (var (path, content, mode) in Props) upstream.Put(path, content, mode);
        upstream.MakeSecrets();
        upstream.Initialize();
        upstream.Commit("initial commit");
        return upstream;
    }

    /// <summary>Runs a shell command in the work tree, as it is shown to the user, and commits.</summary>
    public void Change(string command, string message)
    {
        Run("/bin/sh", "-euc", command);
        Commit(message);
    }

    private void Commit(string message)
    {
        if (!HasEtckeeper) WriteMetadata();
        Git("add", "-A");
        Git("commit", "-q", "-m", message);
    }

    private void Initialize()
    {
        Git("init", "-q", "-b", "main");
        Git("config", "user.name", "Demo");
        Git("config", "user.email", "demo@localhost");
        Git("config", "commit.gpgSign", "false");
        var hooks = Path.Combine(Directory, ".git/hooks");
        Git("config", "core.hooksPath", hooks);
        if (_etckeeper is not { } script) return;
        // What 'etckeeper init' sets up, without the hooks of other programs that the machine's etckeeper may have.
        System.IO.Directory.CreateDirectory(hooks);
        var hook = Path.Combine(hooks, "pre-commit");
        File.WriteAllText(hook, $"#!/bin/sh\nset -e\ncd \"$(git rev-parse --show-toplevel)\"\nexport VCS=git\n'{script.Replace("'", "'\\''", StringComparison.Ordinal)}'\n");
        File.SetUnixFileMode(hook, (UnixFileMode)0x1ED);
    }

    private void MakeSecrets()
    {
        var users = File.ReadLines(Path.Combine(Directory, "passwd")).Select(line => line.Split(':')[0]).Where(name => name.Length > 0);
        Put("shadow", string.Concat(users.Select(user => $"{user}:!:19000:0:99999:7:::\n")), ForShadow);
        var groups = File.ReadLines(Path.Combine(Directory, "group")).Select(line => line.Split(':')).Where(fields => fields[0].Length > 0).ToList();
        Put("gshadow", string.Concat(groups.Select(fields => $"{fields[0]}:!::\n")), ForShadow);
        if (Environment.IsPrivilegedProcess && groups.Find(fields => fields[0] == "shadow" && fields.Length > 2) is { } shadow && uint.TryParse(shadow[2], out var gid))
        {
            foreach (var file in (string[])["shadow", "gshadow"]) Run("chown", $"0:{gid}", file);
        }

        // Without ssh-keygen no client could get a key of its own.
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "ssh-keygen")))) return;
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "ssh"));
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "root@root-server", "-f", "ssh/ssh_host_ed25519_key");
    }

    private void Put(string path, string content, int mode)
    {
        var file = Path.Combine(Directory, path);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        File.WriteAllText(file, content);
        File.SetUnixFileMode(file, (UnixFileMode)mode);
    }

    // The same bytes that etckeeper would write.
    private void WriteMetadata()
    {
        if (DirectoryDescriptor.OpenRoot(Directory, out var opened) != OpenOutcome.Opened) throw new IOException($"{Directory} is not a directory.");
        using var top = opened!;
        using var objects = ObjectStore.Open(Path.Combine(Directory, ".git"), new());
        var outcome = WorkTreeScanner.Scan(new()
        {
            Root = top,
            Index = GitIndex.Empty,
            IndexTime = default,
            Metadata = EtckeeperFile.Empty,
            Objects = new(objects),
            Policy = _ => PathPolicy.Default,
            Ownership = Owners.AreSet ? new Ownership.Real(Names("passwd"), Names("group")) : new Ownership.Carried(),
            Limits = new(int.MaxValue, int.MaxValue, 64, TimeSpan.FromMinutes(1)),
        });
        if (outcome is not ScanOutcome.Seen { Scan: var scan }) throw new IOException($"{Directory} cannot be read: {((ScanOutcome.Refused)outcome).Reason}");
        Put(EtckeeperFile.FileName, Encoding.UTF8.GetString(EtckeeperFile.FromObserved(scan.Entries, EtckeeperFilter.SpellingOf(scan.Entries)).Write()), EtckeeperFile.FileMode);
    }

    private AccountNames Names(string file) => AccountNames.Parse(File.ReadAllBytes(Path.Combine(Directory, file)));

    private void Git(params string[] arguments) => Run("git", arguments);

    private void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = Directory, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        try
        {
            using var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) throw new IOException($"'{program} {string.Join(' ', arguments)}' returned {process.ExitCode} in {Directory}: {error.Trim()}{output.GetAwaiter().GetResult()}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{program} cannot be started: {e.Message}.", e);
        }
    }
}
