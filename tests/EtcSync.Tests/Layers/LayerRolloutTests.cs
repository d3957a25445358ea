using EtcSync.Clients;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Layers;

/// <summary>Layers on their way to clients.</summary>
public sealed class LayerRolloutTests
{
    private const string NewMotd = "one\ntwo\nthree\nfour\nupstream\n";

    [Fact]
    public void Clients_of_a_group_get_its_layer_and_others_do_not()
    {
        using var cluster = new Cluster(["pc01:lab", "pc02:lab", "pc03"]);
        cluster.Sync();
        Edit(cluster, "lab", "echo lab >lab.conf; chmod 600 lab.conf; sed -i 1s/one/1/ motd");
        cluster.Put("motd", NewMotd);
        cluster.Commit("motd");

        Assert.All(cluster.Sync(), outcome => Assert.Equal(OutcomeKind.Synced, outcome.Kind));
        Assert.Equal("lab\n", cluster.Read("pc01", "lab.conf"));
        Assert.Equal("600", cluster.Attributes("pc02", "lab.conf").Split(' ')[0]);
        Assert.Equal("1\ntwo\nthree\nfour\nupstream\n", cluster.Read("pc02", "motd"));
        Assert.Equal(NewMotd, cluster.Read("pc03", "motd"));
        Assert.False(File.Exists(cluster.ClientPath("pc03", "lab.conf")));
        foreach (var client in (string[])["pc01", "pc02", "pc03"]) cluster.AssertInOrder(client);
        Assert.All(cluster.Sync(), outcome => Assert.Equal(OutcomeKind.Unchanged, outcome.Kind));
    }

    [Fact]
    public void Composite_of_one_set_of_groups_is_computed_once_and_is_the_same_next_time()
    {
        using var cluster = new Cluster(["pc01:lab", "pc02:lab", "pc03:kiosk,lab", "pc04"]);
        cluster.Sync();
        Edit(cluster, "lab", "echo lab >lab.conf");
        Edit(cluster, "kiosk", "echo kiosk >kiosk.conf");
        var (first, second) = (Observe(cluster), Observe(cluster));

        Assert.Equal(["", "kiosk lab", "lab"], first.Composites.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(first.Composites.Values.Select(composite => composite.Commit).Order(), second.Composites.Values.Select(composite => composite.Commit).Order());
        Assert.Equal(first.Hub.Tip, first.Composites[""].Commit);
        cluster.Sync();
        Assert.Equal("kiosk\n", cluster.Read("pc03", "kiosk.conf"));
        Assert.Equal("lab\n", cluster.Read("pc03", "lab.conf"));
    }

    [Fact]
    public void Dispute_with_upstream_appears_once_and_an_edit_settles_it()
    {
        using var cluster = new Cluster(["pc01:lab", "pc02:lab", "pc03:lab"]);
        Edit(cluster, "lab", "sed -i 's/five/lab/' motd; echo 1 >lab.conf");
        cluster.Sync();
        cluster.Put("motd", NewMotd);
        cluster.Put("issue", "new\n");
        cluster.Commit("motd and issue");

        Assert.Equal("motd", Assert.Single(Observe(cluster).Conflicts).Conflict.Path.Value);
        Assert.All(cluster.Sync(), outcome => Assert.Equal((OutcomeKind.Synced, 0), (outcome.Kind, outcome.Conflicts.Length)));
        Assert.Equal("new\n", cluster.Read("pc02", "issue"));
        Assert.EndsWith("lab\n", cluster.Read("pc02", "motd"), StringComparison.Ordinal);
        Assert.Equal(2, CommandLine.On(cluster, "layer", "list").Code);
        Assert.Contains("motd", CommandLine.On(cluster, "layer", "show", "lab").Out, StringComparison.Ordinal);

        // What is left as it is is no answer, unless one says so.
        var unchanged = CommandLine.On(cluster, "layer", "edit", "lab", "--", "true");
        Assert.Equal(2, unchanged.Code);
        Assert.Contains("--accept", unchanged.Error, StringComparison.Ordinal);
        Edit(cluster, "lab", "printf 'one\\ntwo\\nthree\\nfour\\nboth\\n' >motd");
        Assert.Empty(Observe(cluster).Conflicts);
        cluster.Sync();
        Assert.EndsWith("both\n", cluster.Read("pc03", "motd"), StringComparison.Ordinal);
        cluster.AssertInOrder("pc03");
    }

    [Fact]
    public void Layers_version_can_be_accepted_as_it_is()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        Edit(cluster, "lab", "sed -i 's/five/lab/' motd");
        cluster.Put("motd", NewMotd);
        cluster.Commit("motd");
        CommandLine.InOrder(cluster, "layer", "edit", "lab", "--accept", "--", "true");
        Assert.Empty(Observe(cluster).Conflicts);
        cluster.Sync();
        Assert.EndsWith("lab\n", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispute_between_two_layers_appears_once_and_the_later_one_stands()
    {
        using var cluster = new Cluster(["pc01:lab,kiosk", "pc02:lab,kiosk"]);
        Edit(cluster, "lab", "echo lab >greeting");
        Edit(cluster, "kiosk", "echo kiosk >greeting");
        var conflict = Assert.Single(Observe(cluster).Conflicts);
        Assert.Equal(("kiosk", "greeting"), (conflict.Group, conflict.Conflict.Path.Value));
        cluster.Sync();
        Assert.Equal("kiosk\n", cluster.Read("pc02", "greeting"));
    }

    [Fact]
    public void Leaving_a_group_takes_its_changes_away_and_keeps_the_clients_own()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        Edit(cluster, "lab", "echo lab >lab.conf; sed -i 1s/one/lab/ motd; mkdir -p spool/lab; rm conf.d/00.conf; chmod 600 issue 2>/dev/null || true");
        cluster.Sync();
        Assert.True(Directory.Exists(cluster.ClientPath("pc01", "spool/lab")));
        File.AppendAllText(cluster.ClientPath("pc01", "motd"), "own\n");
        cluster.Sync();

        cluster.SetGroups("pc01");
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne().Kind);
        Assert.Equal("one\ntwo\nthree\nfour\nfive\nown\n", cluster.Read("pc01", "motd"));
        Assert.False(File.Exists(cluster.ClientPath("pc01", "lab.conf")));
        Assert.False(Directory.Exists(cluster.ClientPath("pc01", "spool")));
        Assert.True(File.Exists(cluster.ClientPath("pc01", "conf.d/00.conf")));
        cluster.AssertInOrder("pc01");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }

    [Fact]
    public void Layer_does_not_bring_back_what_a_rewrite_took_away()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        cluster.Put("secret.conf", "leaked\n");
        cluster.Commit("a mistake");
        Edit(cluster, "lab", "echo lab >lab.conf");
        cluster.Sync();
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", "HEAD~1");
        cluster.Put("issue", "new\n");
        cluster.Commit("instead");

        cluster.Sync(acceptRewrite: true);
        Assert.Equal("lab\n", cluster.Read("pc01", "lab.conf"));
        Assert.Equal("new\n", cluster.Read("pc01", "issue"));
        Assert.False(File.Exists(cluster.ClientPath("pc01", "secret.conf")));
    }

    [Fact]
    public void Identity_in_a_layer_does_not_reach_clients()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        cluster.Sync();
        var machine = cluster.Read("pc01", "machine-id");
        Edit(cluster, "lab", "echo lab >hostname; chmod 600 machine-id; echo 0123 >machine-id; echo 1 >lab.conf");
        cluster.Sync();
        Assert.Equal(("pc01\n", machine), (cluster.Read("pc01", "hostname"), cluster.Read("pc01", "machine-id")));
        Assert.Equal("444", cluster.Attributes("pc01", "machine-id").Split(' ')[0]);
        Assert.Equal("1\n", cluster.Read("pc01", "lab.conf"));
    }

    [Fact]
    public void Hub_is_whole_after_edits()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        Edit(cluster, "lab", "echo lab >lab.conf");
        Edit(cluster, "lab", "rm lab.conf");
        cluster.Sync();
        var fsck = GitProgram.Run(cluster.Workspace.Hub.GitDirectory, ["fsck", "--no-dangling", "--strict"]);
        Assert.True(fsck.ExitCode == 0, fsck.Error + fsck.Text);
        Assert.False(File.Exists(cluster.ClientPath("pc01", "lab.conf")));
    }

    private static TakenTarget Observe(Cluster cluster) =>
        new FleetObserver(cluster.Workspace).Take(cluster.Workspace.Configuration.Inventory.Clients, acceptRewrite: false, CancellationToken.None);

    private static void Edit(Cluster cluster, string group, string commands) => CommandLine.InOrder(cluster, "layer", "edit", group, "--", "/bin/sh", "-ec", commands);
}
