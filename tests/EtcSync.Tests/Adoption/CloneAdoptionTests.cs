using EtcSync.Adoption;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Fleet;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Adoption;

public sealed class CloneAdoptionTests
{
    [Fact]
    public void Adopt_takes_the_git_directory_out_with_its_branch_and_history()
    {
        using var cluster = HandMade();
        CommitOn(cluster, "pc01", "motd", "mine\n", "a motd of its own");
        var head = GitIn(cluster, "pc01", "rev-parse", "HEAD").Trim();

        Assert.Equal(OutcomeKind.Synced, Adopt(cluster)[0].Kind);

        Assert.False(Path.Exists(cluster.ClientPath("pc01", ".git")));
        Assert.Contains("a motd of its own", cluster.GitOf("pc01", "log", "--format=%s", "client/pc01"), StringComparison.Ordinal);
        Assert.Equal(0, Tool.Try("git", "--git-dir=" + cluster.GitDirectory("pc01"), "merge-base", "--is-ancestor", head, "client/pc01").Code);
        Assert.Equal("mine\n", cluster.Read("pc01", "motd"));
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Adopt_repairs_modes_owners_and_empty_directories()
    {
        using var cluster = HandMade();
        Assert.Equal("644 0:0", cluster.Attributes("pc01", "shadow"));

        Adopt(cluster);

        Assert.Equal("640 0:42", cluster.Attributes("pc01", "shadow"));
        Assert.True(Directory.Exists(cluster.ClientPath("pc01", "opt")));
    }

    [Fact]
    public void Adopt_of_a_mode_that_the_client_set_on_purpose_keeps_it()
    {
        using var cluster = HandMade();
        File.SetUnixFileMode(cluster.ClientPath("pc01", "motd"), (UnixFileMode)0x180);

        Adopt(cluster);

        Assert.Equal("600 0:0", cluster.Attributes("pc01", "motd"));
        Assert.Contains("maybe chmod 0600 './motd'", cluster.GitOf("pc01", "show", "client/pc01:.etckeeper"), StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_copies_what_git_ignores_and_the_shared_root_needs()
    {
        using var cluster = HandMade();
        File.WriteAllText(cluster.UpstreamPath("ld.so.cache"), "cache");

        Adopt(cluster);

        Assert.Equal("cache", cluster.Read("pc01", "ld.so.cache"));
    }

    [Fact]
    public void Adopt_replaces_a_machine_id_that_several_have()
    {
        using var cluster = HandMade("pc01", "pc02");

        Adopt(cluster);

        var ids = new[] { cluster.Read("pc01", "machine-id"), cluster.Read("pc02", "machine-id"), File.ReadAllText(cluster.UpstreamPath("machine-id")) };
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal("pc01\n", cluster.Read("pc01", "hostname"));
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Adopt_of_a_unique_machine_id_keeps_and_remembers_it()
    {
        using var cluster = HandMade("pc01", "pc02");
        File.WriteAllText(cluster.ClientPath("pc01", "machine-id"), "11111111111141118111111111111111\n");

        Adopt(cluster);

        Assert.Equal("11111111111141118111111111111111\n", cluster.Read("pc01", "machine-id"));
        Assert.Equal("11111111111141118111111111111111\n", File.ReadAllText(Path.Combine(cluster.Workspace.State.Identity(ClientName.Parse("pc01")), "machine-id")));
    }

    [Fact]
    public void Adopt_of_an_identity_that_a_person_keeps_leaves_it()
    {
        using var cluster = HandMade("pc01", "pc02");

        Adopt(cluster, (client, key) => client.Value == "pc01" && key == "machine-id");

        Assert.Equal(File.ReadAllText(cluster.UpstreamPath("machine-id")), cluster.Read("pc01", "machine-id"));
        Assert.NotEqual(File.ReadAllText(cluster.UpstreamPath("machine-id")), cluster.Read("pc02", "machine-id"));
    }

    [Fact]
    public void Adopt_commits_what_was_in_no_commit()
    {
        using var cluster = HandMade();
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "edited\n");
        File.WriteAllText(cluster.ClientPath("pc01", "new.conf"), "new\n");

        Adopt(cluster);

        Assert.Equal("edited\n", cluster.GitOf("pc01", "show", "client/pc01:motd"));
        Assert.Equal("new\n", cluster.GitOf("pc01", "show", "client/pc01:new.conf"));
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Adopt_of_a_clone_that_is_behind_leaves_upstreams_commits_to_the_rollout()
    {
        using var cluster = HandMade();
        cluster.Put("motd", "new\n");
        cluster.Commit("later");

        Adopt(cluster);

        Assert.StartsWith("one\n", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne().Kind);
        Assert.Equal("new\n", cluster.Read("pc01", "motd"));
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Adopt_of_an_unfinished_merge_touches_nothing_and_takes_the_others()
    {
        using var cluster = HandMade("pc01", "pc02");
        CommitOn(cluster, "pc01", "motd", "mine\n", "mine");
        cluster.Put("motd", "theirs\n");
        cluster.Commit("theirs");
        Tool.Try("git", "-C", cluster.ClientPath("pc01"), "-c", "user.name=x", "-c", "user.email=x@x", "pull", "--no-rebase", "-q");

        var plan = Observe(cluster);
        Adopt(cluster);

        Assert.Contains("a merge was begun", Assert.IsType<CloneAdoption.Refused>(plan.Clones[0]).Reason, StringComparison.Ordinal);
        Assert.Contains("<<<<<<<", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(cluster.ClientPath("pc01", ".git")));
        Assert.False(Path.Exists(cluster.ClientPath("pc02", ".git")));
    }

    [Fact]
    public void Adopt_of_committed_conflict_markers_touches_nothing()
    {
        using var cluster = HandMade();
        CommitOn(cluster, "pc01", "motd", "one\n<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> origin/master\n", "oops");

        Assert.Contains("motd:2", Assert.IsType<CloneAdoption.Refused>(Observe(cluster).Clones[0]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_keeps_other_branches_tags_and_stashes()
    {
        using var cluster = HandMade();
        GitIn(cluster, "pc01", "branch", "try");
        GitIn(cluster, "pc01", "tag", "good");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "stashed\n");
        GitIn(cluster, "pc01", "stash", "push", "-q");

        Adopt(cluster);

        var names = cluster.GitOf("pc01", "for-each-ref", "--format=%(refname)", "refs/etcsync/adopted");
        Assert.Contains("refs/etcsync/adopted/heads/try", names, StringComparison.Ordinal);
        Assert.Contains("refs/etcsync/adopted/tags/good", names, StringComparison.Ordinal);
        Assert.Contains("refs/etcsync/adopted/stashes/0000", names, StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_runs_nothing_of_a_hostile_git_directory()
    {
        using var cluster = HandMade();
        var proof = Path.Combine(cluster.Root, "proof");
        var git = cluster.ClientPath("pc01", ".git");
        File.WriteAllText(Path.Combine(git, "config"), $"[core]\n\tfsmonitor = touch {proof}\n\thooksPath = {git}/hooks\n\tsshCommand = touch {proof}\n[uploadpack]\n\tpackObjectsHook = touch {proof}\n");
        foreach (var hook in (string[])["post-checkout", "pre-commit", "reference-transaction", "post-index-change"])
        {
            File.WriteAllText(Path.Combine(git, "hooks", hook), $"#!/bin/sh\ntouch {proof}\n");
            File.SetUnixFileMode(Path.Combine(git, "hooks", hook), (UnixFileMode)0x1ED);
        }

        Assert.Equal(OutcomeKind.Synced, Adopt(cluster)[0].Kind);

        Assert.False(File.Exists(proof));
    }

    [Theory]
    [InlineData(".git")]
    [InlineData(".git/objects")]
    public void Adopt_of_a_git_directory_that_leads_elsewhere_is_refused(string link)
    {
        using var cluster = HandMade();
        var path = cluster.ClientPath("pc01", link);
        Directory.Move(path, Path.Combine(cluster.Root, "elsewhere"));
        File.CreateSymbolicLink(path, Path.Combine(cluster.Root, "elsewhere"));

        Assert.IsType<CloneAdoption.Refused>(Observe(cluster).Clones[0]);
    }

    [Fact]
    public void Adopt_of_objects_borrowed_from_elsewhere_is_refused()
    {
        using var cluster = HandMade();
        File.WriteAllText(cluster.ClientPath("pc01", ".git/objects/info/alternates"), "/root/secret.git/objects\n");

        Assert.Contains("/root/secret.git", Assert.IsType<CloneAdoption.Refused>(Observe(cluster).Clones[0]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_of_an_object_that_is_not_what_its_name_says_is_refused()
    {
        using var cluster = HandMade();
        CommitOn(cluster, "pc01", "motd", "mine\n", "mine");
        var id = GitIn(cluster, "pc01", "rev-parse", "HEAD:motd").Trim();
        var file = cluster.ClientPath("pc01", $".git/objects/{id[..2]}/{id[2..]}");
        File.SetUnixFileMode(file, (UnixFileMode)0x1A4);
        File.Copy(Directory.EnumerateFiles(Path.Combine(cluster.Upstream, ".git/objects/" + GitIn(cluster, "pc01", "rev-parse", "HEAD~:motd")[..2])).First(), file, overwrite: true);

        Assert.IsType<CloneAdoption.Refused>(Observe(cluster).Clones[0]);
        Assert.True(Directory.Exists(cluster.ClientPath("pc01", ".git")));
    }

    [Fact]
    public void Adopt_of_a_repository_that_is_no_clone_of_upstream_is_refused()
    {
        using var cluster = new Cluster(["pc01"]);
        Directory.CreateDirectory(cluster.ClientPath("pc01"));
        Tool.Git(cluster.ClientPath("pc01"), "init", "-q", "-b", "master");
        CommitOn(cluster, "pc01", "motd", "x\n", "other");

        Assert.Contains("shares no commit", Assert.IsType<CloneAdoption.Refused>(Observe(cluster).Clones[0]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_twice_changes_nothing()
    {
        using var cluster = HandMade("pc01", "pc02");
        Adopt(cluster);
        var heads = cluster.GitOf("pc01", "rev-parse", "client/pc01") + cluster.GitOf("pc02", "rev-parse", "client/pc02");

        var plan = Observe(cluster);
        Assert.Empty(Adopt(cluster));

        Assert.All(plan.Clones, clone => Assert.IsType<CloneAdoption.Ours>(clone));
        Assert.Empty(plan.Shared);
        Assert.Equal(heads, cluster.GitOf("pc01", "rev-parse", "client/pc01") + cluster.GitOf("pc02", "rev-parse", "client/pc02"));
        Assert.All(cluster.Sync(), outcome => Assert.Equal(OutcomeKind.Unchanged, outcome.Kind));
    }

    [Fact]
    public void Adopt_that_was_killed_before_the_git_directory_had_its_place_is_done_again()
    {
        using var cluster = HandMade();
        Directory.CreateDirectory(Path.Combine(cluster.Workspace.State.Clients, "pc01.git.making/objects"));

        Assert.Equal(OutcomeKind.Synced, Adopt(cluster)[0].Kind);
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Adopt_that_was_killed_before_the_git_directory_was_out_keeps_it_with_the_next_pass()
    {
        using var cluster = HandMade();
        Adopt(cluster);
        var kept = Path.Combine(cluster.Root, "srv/.etcsync/pc01/kept/adopted-git");
        Directory.Move(kept, cluster.ClientPath("pc01", ".git"));
        var state = ClientState.Read(cluster.GitDirectory("pc01"));
        (state with { IsBeingAdopted = true }).Write(cluster.GitDirectory("pc01"));

        cluster.Sync();

        Assert.True(Directory.Exists(kept));
        Assert.False(Path.Exists(cluster.ClientPath("pc01", ".git")));
        Assert.False(ClientState.Read(cluster.GitDirectory("pc01")).IsBeingAdopted);
    }

    [Fact]
    public void Adopt_of_a_client_that_was_released_keeps_both_git_directories()
    {
        using var cluster = HandMade();
        Adopt(cluster);
        new CloneRelease(cluster.Workspace).Run(ClientName.Parse("pc01"), CancellationToken.None);

        Adopt(cluster);

        Assert.Equal(["adopted-git", "adopted-git-2"], Directory.EnumerateDirectories(Path.Combine(cluster.Root, "srv/.etcsync/pc01/kept")).Select(directory => Path.GetFileName(directory)).Order(StringComparer.Ordinal));
    }

    private static Cluster HandMade(params string[] clients)
    {
        var cluster = new Cluster(clients.Length == 0 ? ["pc01"] : clients);
        foreach (var client in cluster.Workspace.Configuration.Inventory.Clients)
        {
            Tool.Run("git", "clone", "-q", Path.Combine(cluster.Upstream, ".git"), cluster.ClientPath(client.Name.Value));
        }

        return cluster;
    }

    private static FleetAdoptionPlan Observe(Cluster cluster)
    {
        using var adoption = new FleetAdoption(cluster.Workspace);
        return adoption.Observe(cluster.Workspace.Configuration.Inventory.Clients, (_, _) => false, CancellationToken.None);
    }

    private static ClientOutcome[] Adopt(Cluster cluster, Func<ClientName, string, bool>? isKept = null)
    {
        using var adoption = new FleetAdoption(cluster.Workspace);
        var clients = cluster.Workspace.Configuration.Inventory.Clients;
        var plan = adoption.Observe(clients, isKept ?? ((_, _) => false), CancellationToken.None);
        return [.. adoption.Apply(plan, new FleetObserver(cluster.Workspace).Take(clients, acceptRewrite: false, CancellationToken.None), CancellationToken.None)];
    }

    private static void CommitOn(Cluster cluster, string client, string path, string content, string message)
    {
        File.WriteAllText(cluster.ClientPath(client, path), content);
        GitIn(cluster, client, "add", "-A");
        GitIn(cluster, client, "commit", "-q", "-m", message);
    }

    private static string GitIn(Cluster cluster, string client, params string[] arguments) => Tool.Git(cluster.ClientPath(client), arguments);
}
