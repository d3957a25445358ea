using System.Diagnostics;
using System.Text;
using EtcSync.Checks;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Checks;

/// <summary>Real programs in real namespaces; what they find, what they cannot do, and what may be told of what they say.</summary>
public sealed class CheckRunnerTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static readonly (string, string) Accounts = ("passwd", "root:x:0:0::/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n");

    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-checks-").FullName;
    private readonly ObjectOverlay _objects = new(new Nothing());

    public CheckRunnerTests() => CheckerRoot.CopyTo(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Visudo_passesWhatIsRight_andSaysWhatIsWrong()
    {
        Assert.IsType<CheckVerdict.Passed>(Run(["visudo", "-c", "-f", "/etc/sudoers"], Accounts, ("sudoers", "root ALL=(ALL) ALL\n")));
        Assert.Contains("/etc/sudoers:1", Failed(["visudo", "-c", "-f", "/etc/sudoers"], Accounts, ("sudoers", "root ALL=(ALL ALL\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Visudo_seesWhatIsIncluded()
    {
        var words = Failed(["visudo", "-c", "-f", "/etc/sudoers"], Accounts, ("sudoers", "@includedir /etc/sudoers.d\n"), ("sudoers.d/bad", "what is this\n"));
        Assert.Contains("/etc/sudoers.d/bad", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Sshd_passesWhatIsRight_withoutAnybodysHostKeys_andSaysWhatIsWrong()
    {
        Assert.IsType<CheckVerdict.Passed>(Run(["sshd", "-t"], Accounts, ("ssh/sshd_config", "Port 22\n")));
        Assert.Contains("Bad configuration option: Prot", Failed(["sshd", "-t"], Accounts, ("ssh/sshd_config", "Prot 22\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void AbsoluteLinks_leadIntoTheMergedTree()
    {
        var link = _objects.AddBlob("/etc/here"u8.ToArray());
        Assert.Equal("found", Failed(["sh", "-c", "cat /etc/there; exit 1"], [("here", "found\n")], ("there", new(EntryMode.SymbolicLink, link))));
    }

    [Fact]
    public void Secrets_areNotThere_whateverIsIncluded()
    {
        var words = Failed(["sh", "-c", "cat /etc/shadow /etc/ssh/ssh_host_rsa_key; exit 1"],
            ("shadow", "root:$6$verysecret:1::::::\n"), ("ssh/ssh_host_rsa_key", "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n"));
        Assert.DoesNotContain("secret", words, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN EC PRIVATE KEY-----", words, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretThatIsCheckedItself_isShownToItsCheck_andNothingOfItIsTold()
    {
        Func<RepoPath, PathPolicy> policy = path => new() { Secret = true, Check = path.Value == "vpn.conf" ? Command(["sh", "-c", "cat /etc/vpn.conf; exit 3"]) : null };
        var verdict = Run(policy, ["sh", "-c", "cat /etc/vpn.conf; exit 3"], ("vpn.conf", "password=verysecret\n"));
        Assert.Equal(new CheckVerdict.Failed("it ended with status 3; what it said is not shown, because what it looks at is secret"), verdict);
    }

    [Theory]
    [InlineData("echo x >/x", "Read-only")]
    [InlineData("echo x >/usr/x", "Read-only")]
    [InlineData("echo core >/proc/sys/kernel/core_pattern", "cannot create")]
    [InlineData("cat /root/.ssh/key", "No such file")]
    public void Checker_canTouchNothingOfTheServer(string command, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_root, "root/.ssh"));
        File.WriteAllText(Path.Combine(_root, "root/.ssh/key"), "private\n");
        Assert.Contains(expected, Failed(["sh", "-c", command + " || exit 1"], ("a", "b\n")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_root, "x")) || File.Exists(Path.Combine(_root, "usr/x")));
    }

    [Fact]
    public void Checker_hasNoCapabilities_noNetwork_andNoProcessesButItsOwn()
    {
        var words = Failed(["sh", "-c", "while read a b; do case $a in CapEff:|CapBnd:|NoNewPrivs:) echo $a $b;; esac; done </proc/self/status; while read l; do case $l in *lo:*|*face*|*Inter*) ;; *) echo $l;; esac; done </proc/net/dev; echo pid $$; exit 1"], ("a", "b\n"));
        Assert.Equal("CapEff: 0000000000000000; CapBnd: 0000000000000000; NoNewPrivs: 1; pid 1", words);
    }

    [Theory]
    [InlineData("sleep 100.0411")]
    [InlineData("trap '' TERM INT; while :; do sleep 100.0411; done")]
    [InlineData("while :; do sleep 100.0411 & done")]
    public void CheckerThatDoesNotEnd_isEnded_withAllThatItStarted(string command)
    {
        var watch = Stopwatch.StartNew();
        var words = Failed(TimeSpan.FromSeconds(3), ["sh", "-c", command], ("a", "b\n"));
        Assert.StartsWith("it did not come to an end within 3 seconds", words, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
        Assert.False(Running.With("100.0411"));
    }

    [Fact]
    public void CheckerThatSaysTooMuch_isToldInAFewWords_andNothingOfATerminalIsIn()
    {
        var words = Failed(["sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo 'a line that is repeated again and again and again and again and again and again and again'; i=$((i+1)); done; exit 1"], ("a", "b\n"));
        Assert.InRange(words.Length, 100, 401);
        Assert.Equal(@"\x1b[2Jgone", Failed(["sh", "-c", "cat /etc/a; exit 1"], ("a", "\u001b[2Jgone\n")));
    }

    [Fact]
    public void HugeTree_isNotChecked_andThatIsSaid()
    {
        var blob = _objects.AddBlob(new byte[40 << 20]);
        var runner = new CheckRunner(TimeProvider.System, Long);
        var tree = Tree([], [.. Enumerable.Range(0, 8).Select(i => ($"big{i}", new FileVersion(EntryMode.File, blob)))]);
        Assert.Contains("MiB", Assert.IsType<CheckVerdict.Unavailable>(runner.Run(_root, Command(["sh", "-c", "exit 1"]), _objects, tree, Policy)).Reason, StringComparison.Ordinal);
        Assert.Contains("unchecked: hold", runner.Unavailable, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramThatTheRootLacks_isNothingToCheckWith() => Assert.IsType<CheckVerdict.NoProgram>(Run(["nginx", "-t"], ("a", "b\n")));

    [Fact]
    public void ProgramByALinkOutOfTheRoot_isLookedForInTheRoot()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "usr/bin/checker"), "/usr/bin/env");
        Assert.IsType<CheckVerdict.NoProgram>(Run(["checker"], ("a", "b\n")));
        File.CreateSymbolicLink(Path.Combine(_root, "usr/bin/shell"), "/usr/bin/sh");
        Assert.IsType<CheckVerdict.Passed>(Run(["shell", "-c", "exit 0"], ("a", "b\n")));
    }

    [Fact]
    public void SameForManyClients_isCheckedOnce()
    {
        var runner = new CheckRunner(TimeProvider.System, Long);
        var command = Command(["sh", "-c", "cat /etc/hostname /proc/sys/kernel/random/uuid >&2; exit 1"]);
        var first = runner.Run(_root, command, _objects, Tree(("hostname", "one\n"), ("motd", "x\n")), Policy);
        Assert.IsType<CheckVerdict.Failed>(first);
        Assert.Equal(first, runner.Run(_root, command, _objects, Tree(("hostname", "two\n"), ("motd", "x\n")), Policy));
        Assert.NotEqual(first, runner.Run(_root, command, _objects, Tree(("hostname", "two\n"), ("motd", "y\n")), Policy));
    }

    [Fact]
    public void Cell_outsideOfNamespaces_doesNothing()
    {
        Assert.Equal(1, CheckCell.Run([CheckCell.Word, CheckCell.MountNamespace, _root, "10", "sh"]));
        Assert.Equal(1, CheckCell.Run([CheckCell.Word]));
    }

    private static PathPolicy Policy(RepoPath path) => path.Value switch
    {
        "hostname" or "machine-id" => new() { Class = PathClass.Client },
        "shadow" => new() { Secret = true },
        _ => path.Value.StartsWith("ssh/ssh_host_", StringComparison.Ordinal) ? new() { Secret = true, Class = PathClass.Client } : PathPolicy.Default,
    };

    private static CheckCommand Command(string[] words) => new(words[0], [.. words[1..]]);

    private string Failed(string[] command, params (string Path, string Text)[] files) => Failed(Long, command, files);

    private string Failed(TimeSpan limit, string[] command, params (string Path, string Text)[] files) => Words(Run(limit, Policy, command, Tree(files)));

    private string Failed(string[] command, (string Path, string Text)[] files, params (string Path, FileVersion Version)[] more) => Words(Run(Long, Policy, command, Tree(files, more)));

    private CheckVerdict Run(string[] command, params (string Path, string Text)[] files) => Run(Long, Policy, command, Tree(files));

    private CheckVerdict Run(Func<RepoPath, PathPolicy> policy, string[] command, params (string Path, string Text)[] files) => Run(Long, policy, command, Tree(files));

    private CheckVerdict Run(TimeSpan limit, Func<RepoPath, PathPolicy> policy, string[] command, AttributedTree tree) =>
        new CheckRunner(TimeProvider.System, limit).Run(_root, Command(command), _objects, tree, policy);

    private static string Words(CheckVerdict verdict) => (verdict as CheckVerdict.Failed)?.Words ?? throw new InvalidOperationException(verdict.ToString());

    private AttributedTree Tree(params (string Path, string Text)[] files) => Tree(files, []);

    private AttributedTree Tree((string Path, string Text)[] files, (string Path, FileVersion Version)[] more)
    {
        var versions = files.Select(file => (file.Path, Version: new FileVersion(EntryMode.File, _objects.AddBlob(Encoding.UTF8.GetBytes(file.Text))))).Concat(more);
        return new(TreeEdit.Apply(_objects, ObjectId.EmptyTree, versions.ToDictionary(pair => RepoPath.Parse(pair.Path), pair => pair.Version), new List<RepoPath>()), EtckeeperFile.Empty);
    }

    private sealed class Nothing : IObjectReader
    {
        public GitTree ReadTree(ObjectId id) => throw new InvalidDataException();

        public byte[] ReadBlob(ObjectId id) => throw new InvalidDataException();
    }
}
