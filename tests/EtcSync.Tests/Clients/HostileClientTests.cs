using System.Diagnostics;
using System.Text;
using EtcSync.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

/// <summary>
/// What root on a client can do to its own tree. Nothing outside of the tree is written, read into its history, or run;
/// nothing hangs; and another client of the same pass gets its rollout.
/// </summary>
public sealed class HostileClientTests
{
    private const string Secret = "the server's own secret";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("an absolute link for a file", "rm motd; ln -s $CANARY/secret motd; rm conf.d/00.conf; ln -s $CANARY/new conf.d/00.conf")]
    [InlineData("a relative link for a file", "rm motd; ln -s ../../canary/secret motd; rm conf.d/00.conf; ln -s ../../canary/new conf.d/00.conf")]
    [InlineData("an absolute link for a directory", "rm -r conf.d ssh; ln -s $CANARY conf.d; ln -s $CANARY ssh")]
    [InlineData("a relative link for a directory", "rm -r conf.d ssh; ln -s ../../canary conf.d; ln -s ../../../../../../../../../etc ssh")]
    [InlineData("a link to itself", "rm -r conf.d; ln -s conf.d conf.d; rm motd; ln -s . motd")]
    [InlineData("a link out of /proc", "rm motd; ln -s /proc/self/root motd; rm -r ssh; ln -s /proc/self/cwd ssh; ln -s /proc/self/fd fd; rm -r conf.d; ln -s /proc/1/root/etc conf.d")]
    [InlineData("links for the program's own names", "rm -f .etckeeper .gitignore; ln -s $CANARY/secret .etckeeper; ln -s $CANARY/secret .gitignore; ln -s $CANARY .etcsync; ln -s $CANARY .pwd.lock; rm passwd; ln -s $CANARY/secret passwd")]
    [InlineData("a FIFO", "rm motd passwd .etckeeper .gitignore; mkfifo motd passwd .etckeeper .gitignore .pwd.lock fifo; rm -r conf.d; mkfifo conf.d")]
    [InlineData("devices", "rm motd passwd; mknod motd c 1 5; mknod passwd b 7 0; mknod tape c 5 0; rm -r ssh; mknod ssh c 1 8")]
    [InlineData("a socket", "rm motd; mkfifo motd.s; mv motd.s motd; chmod 000 motd conf.d")]
    [InlineData("a .git directory", "mkdir -p .git/hooks .git/objects .git/refs; printf '[core]\\n\\trepositoryformatversion = 0\\n\\tfsmonitor = touch $CANARY/run\\n\\thooksPath = hooks\\n[filter \"evil\"]\\n\\tclean = touch $CANARY/run\\n\\tsmudge = touch $CANARY/run\\n' >.git/config; echo 'ref: refs/heads/master' >.git/HEAD; for h in pre-commit post-checkout post-index-change reference-transaction; do printf '#!/bin/sh\\ntouch $CANARY/run\\n' >.git/hooks/$h; chmod 755 .git/hooks/$h; done; printf '* filter=evil\\n' >.gitattributes; cp -r .git conf.d/.git; mkdir sub; cp -r .git sub/.git")]
    [InlineData("a .git file", "echo \"gitdir: $CANARY\" >.git; cp .git conf.d/.git; ln -s $CANARY .GIT")]
    [InlineData("a .git link", "ln -s $CANARY .git; ln -s $CANARY conf.d/.git")]
    [InlineData("a file of 1 TiB", "truncate -s 1T huge; truncate -s 1T motd; truncate -s 1T .gitignore; truncate -s 1T .etckeeper; truncate -s 1T passwd")]
    [InlineData("a file of nearly 2 GiB", "truncate -s 2147483640 motd passwd; truncate -s 2147483647 .etckeeper")]
    [InlineData("too many files", "mkdir many; cd many; seq 1 60000 | xargs touch")]
    [InlineData("deep directories", "d=.; for i in $(seq 1 100); do d=$d/d; done; mkdir -p $d; echo x >$d/x")]
    [InlineData("long paths", "n=$(printf 'n%.0s' $(seq 1 250)); for i in $(seq 1 30); do mkdir $n; echo x >file; cd $n; done; echo x >file")]
    [InlineData("odd names", "echo x >$'line\\nbreak'; echo x >$'\\001\\033[2J'; echo x >\"it's\\\"\"; echo x >./-rf; echo x >$(printf 'l%.0s' $(seq 1 255)); echo x >$'\\377\\376'; mkdir .GIT; echo x >.GIT/config; echo x >'$(touch $CANARY/run)'; echo x >'`touch $CANARY/run`'; mkdir $'d\\n'; echo x >$'d\\n/x'; echo x >'...'; echo x >'.. '; echo x >'.git '; echo x >git~1; echo x >'*'; echo x >':(top)'")]
    [InlineData("an .etckeeper with commands", "printf 'touch $CANARY/run\\nmkdir -p \\047../../canary/made\\047\\nmkdir -p \\047$CANARY/made\\047\\nmaybe chmod 0777 \\047../../canary/secret\\047\\nmaybe chmod 0777 \\047$CANARY/secret\\047\\nmaybe chown \\047man\\047 \\047/$CANARY/secret\\047\\nmaybe chmod 0777 \\047$(touch $CANARY/run)\\047\\nmaybe chmod 0777 .//..//../canary\\n' >.etckeeper; chmod 755 .etckeeper")]
    [InlineData("attributes and modules", "printf '* filter=evil diff=evil merge=evil ident eol=crlf working-tree-encoding=UTF-16\\n' >.gitattributes; printf '[submodule \"x\"]\\n\\tpath = ../../canary\\n\\turl = ext::touch $CANARY/run\\n\\tupdate = !touch $CANARY/run\\n' >.gitmodules; echo \"root <touch>\" >.mailmap")]
    [InlineData("hostile ignore rules", "for i in $(seq 1 60000); do echo \"*a*b*$i*c\"; done >.gitignore; mkdir -p a/b/c; cp .gitignore a; cp .gitignore a/b; cp .gitignore a/b/c; for i in $(seq 1 300); do echo x >a/b/c/aaaaaaaaaaaaabbbbbbbbbbbbbb$i; done")]
    [InlineData("a pattern that explodes", "printf '%s*b\\n' \"$(printf 'a*%.0s' $(seq 1 100))\" >.gitignore; printf '%sb\\n' \"$(printf '**/a*/%.0s' $(seq 1 100))\" >>.gitignore; echo x >$(printf 'a%.0s' $(seq 1 250))")]
    [InlineData("other accounts", "sed -i s/^root:x:0:0/root:x:6:12/ passwd; sed -i s/^root:x:0/root:x:12/ group; echo 'toor:x:0:0:::' >>passwd; echo 'man:x:0:0:::' >>passwd; echo \"../../canary:x:6:6:::\" >>passwd; echo \"a'b:x:7:7:::\" >>passwd; chown 6:12 conf.d/01.conf; chown 7:7 conf.d/02.conf")]
    [InlineData("hard links and set-id", "ln shadow conf.d/public; ln motd conf.d/twin; cp /bin/true suid; chown 0:0 suid; chmod 6755 suid; chmod 4755 motd; ln passwd passwd.link")]
    public void Hostility_harmsNobodyElse(string situation, string commands)
    {
        using var scene = new Scene();
        scene.Act(commands);
        // Twice with a rollout, and once more without: whatever was left over from one pass is met by the next.
        for (var round = 0; round < 2; round++)
        {
            scene.RollOut($"round {round}");
            scene.Sync(situation);
            Assert.Equal($"round {round}\n", scene.Cluster.Read("good", "conf.d/00.conf"));
            Assert.Equal($"round {round}\n", scene.Cluster.Read("good", "motd"));
        }

        scene.Sync(situation);
        scene.Cluster.AssertInOrder("good");
        scene.AssertUnharmed();
    }

    [Fact]
    public void LinkRaces_duringRollouts_writeNothingOutside()
    {
        using var scene = new Scene();
        var bad = scene.Cluster.ClientPath("bad");
        var stop = false;
        var racers = new[]
        {
            $"cd '{bad}'; while :; do mv conf.d conf.real 2>/dev/null && ln -s '{scene.Canary}' conf.d && rm conf.d && mv conf.real conf.d; done",
            $"cd '{bad}'; while :; do rm -f motd; ln -s '{scene.Canary}/secret' motd; rm -f motd; echo mine >motd; rm -f motd; mkdir motd; rmdir motd; done",
            $"cd '{bad}'; while :; do ln -s '{scene.Canary}' fresh; rm -rf fresh; mkdir fresh; ln -s '{scene.Canary}/new' fresh/file; rm -rf fresh; done",
        }.Select(script => Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardError = true, UseShellExecute = false })!).ToList();
        var drain = racers.Select(racer => racer.StandardError.ReadToEndAsync()).ToList();
        try
        {
            var watch = Stopwatch.StartNew();
            for (var round = 0; round < 40 && watch.Elapsed < TimeSpan.FromSeconds(8) && !stop; round++)
            {
                scene.Cluster.Put($"fresh/{round}", "new\n");
                scene.RollOut($"round {round}");
                scene.Sync("link races");
                Assert.Equal($"round {round}\n", scene.Cluster.Read("good", "motd"));
            }
        }
        finally
        {
            foreach (var racer in racers)
            {
                racer.Kill();
                racer.WaitForExit();
                racer.Dispose();
            }
        }

        Assert.Equal(3, drain.Count);
        scene.AssertUnharmed();
        // And when it is quiet, it comes to rest.
        scene.Act("rm -rf conf.real fresh motd; [ -d conf.d ] && [ ! -L conf.d ] || { rm -f conf.d; mkdir conf.d; }; echo mine >motd");
        var last = Enumerable.Range(0, 4).Select(_ => scene.Cluster.Sync(new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept }).First()).Last();
        Assert.True(last.Kind is OutcomeKind.Unchanged or OutcomeKind.Conflicted, $"{last.Kind} {last.Reason}");
        scene.Cluster.AssertInOrder("bad");
    }

    [Fact]
    public void GitOnTheClient_asTheProgramRunsIt_runsNothingOfTheClients()
    {
        using var scene = new Scene();
        scene.Act("printf '* filter=evil diff=evil merge=evil\\n' >.gitattributes; mkdir .git; printf '[core]\\n\\tfsmonitor = touch $CANARY/run\\n' >.git/config; echo x >>motd");
        foreach (var arguments in (string[][])[["status"], ["diff"], ["log", "-p", "--stat"], ["fsck"], ["show", "HEAD"]])
        {
            _ = scene.Cluster.GitOf("bad", arguments);
        }

        scene.AssertUnharmed();
    }

    [Fact]
    public void GitDirectory_inTheWorkTree_isMovedOutReportedAndRemovedLater()
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        foreach (var commands in (string[])["mkdir -p .git/objects; echo x >.git/config", "echo gitdir: /root >.git", "ln -s /root .git", "mkfifo .git"])
        {
            cluster.Shell("one", commands);
            var outcome = cluster.SyncOf("one");
            Assert.Equal(".git", Assert.Single(outcome.Findings).Path);
            Assert.False(Path.Exists(cluster.ClientPath("one", ".git")));
            cluster.AssertSettled("one", OutcomeKind.Unchanged);
            time.Advance(TimeSpan.FromMinutes(11));
            cluster.SyncWell();
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(cluster.Root, "srv/.etcsync/one/kept")));
        }
    }

    [Fact]
    public void EditedAccounts_giveFilesInTheClientsOwnTreeAlone()
    {
        using var cluster = new Cluster(["one", "two"]);
        cluster.Sync();
        cluster.Shell("one", "sed -i s/^man:x:6/man:x:77/ passwd");
        cluster.Put("new", "x\n", 0x180, 6, 12);
        cluster.Commit("new");
        cluster.Sync();
        Assert.Equal("600 77:12", cluster.Attributes("one", "new"));
        Assert.Equal("600 6:12", cluster.Attributes("two", "new"));
        Assert.Equal("600 6:12", Tool.Run("stat", "-c", "%a %u:%g", cluster.UpstreamPath("new")).Trim());
        // What has no owner in .etckeeper is root's, whatever the client calls it.
        cluster.Shell("one", "sed -i s/^root:x:0/root:x:78/ passwd");
        cluster.Put("rootly", "x\n", 0x180);
        cluster.Commit("rootly");
        cluster.Sync();
        Assert.Equal("600 0:0", cluster.Attributes("one", "rootly"));
    }

    [Fact]
    public void SecretUnderAPublicName_isNotMadeMoreReadableByARollout()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "ln shadow public");
        cluster.SyncWell();
        cluster.UpstreamShell("echo 'new:*:1::::::' >>shadow");
        cluster.Commit("shadow");
        cluster.SyncWell();
        Assert.Equal("640 0:42", cluster.Attributes("one", "shadow"));
        Assert.Equal("640 0:42", cluster.Attributes("one", "public"));
        Assert.DoesNotContain("new", cluster.Read("one", "public"), StringComparison.Ordinal);
    }

    /// <summary>A bad client, a good one, and a directory outside of both that nobody may touch.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly string _before;

        public Scene()
        {
            Cluster = new(["bad", "good"], "limits:\n  scan-time: 2s\n");
            Canary = Directory.CreateDirectory(Path.Combine(Cluster.Root, "canary")).FullName;
            File.WriteAllText(Path.Combine(Canary, "secret"), Secret);
            File.SetUnixFileMode(Path.Combine(Canary, "secret"), UnixFileMode.UserRead);
            Cluster.Sync();
            // Older than the last change, so that even a file system that is mounted relatime tells of the next reading.
            Tool.Run("touch", "-a", "-d", "2001-01-01", Canary, Path.Combine(Canary, "secret"));
            _before = Picture();
        }

        public Cluster Cluster { get; }

        public string Canary { get; }

        public void Act(string commands) => Tool.Run("/bin/bash", "-uc", $"cd '{Cluster.ClientPath("bad")}'; CANARY='{Canary}'; {commands.Replace("$CANARY", Canary, StringComparison.Ordinal)}");

        public void RollOut(string content)
        {
            Cluster.Put("motd", content + "\n");
            Cluster.Put("conf.d/00.conf", content + "\n");
            Cluster.Put("passwd", $"root:x:0:0:{content}:/root:/bin/bash\nman:x:6:12:man:/var:/bin/sh\n");
            Cluster.Put($"ssh/{content.Replace(' ', '-')}", content + "\n", 0x180, 6, 12);
            Cluster.Commit(content);
        }

        public void Sync(string situation)
        {
            var outcomes = ClusterProofs.Within(Limit, () => Cluster.Sync());
            Assert.Equal(2, outcomes.Length);
            Assert.True(outcomes[1].Kind is OutcomeKind.Synced or OutcomeKind.Unchanged, $"{situation}: {outcomes[1].Kind} {outcomes[1].Reason}");
            Assert.False(outcomes[0].Reason?.StartsWith("Unexpected", StringComparison.Ordinal) ?? false, $"{situation}: {outcomes[0].Reason}");
        }

        public void AssertUnharmed()
        {
            Assert.Equal(_before, Picture());
            Assert.Equal(["secret"], Directory.EnumerateFileSystemEntries(Canary).Select(Path.GetFileName));
            var history = Tool.Try("/bin/sh", "-c", $"git --git-dir='{Cluster.GitDirectory("bad")}' cat-file --batch-all-objects --batch | grep -ac \"{Secret}\"");
            Assert.Equal("0", history.Output.Trim());
            // Names of its own files only ever get into its own history.
            Assert.Equal(0, Tool.Try("git", "--git-dir=" + Cluster.GitDirectory("bad"), "fsck", "--no-dangling").Code);
        }

        public void Dispose()
        {
            // The runtime takes neither names that are not UTF-8 nor very long paths.
            Tool.Run("rm", "-rf", Cluster.Root + "/srv");
            Cluster.Dispose();
        }

        private string Picture() => Tool.Run("stat", "-c", "%n %f %u %g %h %s %y %z %x", Canary, Path.Combine(Canary, "secret"));
    }
}
