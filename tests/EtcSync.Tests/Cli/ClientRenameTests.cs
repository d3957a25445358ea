using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ClientRenameTests
{
    private static readonly ClientName Pc01 = ClientName.Parse("pc01");
    private static readonly ClientName Desk = ClientName.Parse("desk");

    [Fact]
    public void Renamed_client_is_the_same_with_another_name()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Sync();
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "mine\n");
        cluster.Sync();
        cluster.Cli("hold", "pc01", "--reason", "because");
        var (machine, inode) = (cluster.Read("pc01", "machine-id"), Tool.Run("stat", "-c", "%i", cluster.ClientPath("pc01")));

        var answer = cluster.Cli("client", "rename", "pc01", "desk");

        Assert.Equal(0, answer.Code);
        Assert.False(Directory.Exists(cluster.ClientPath("pc01")));
        Assert.False(Directory.Exists(cluster.GitDirectory("pc01")));
        Assert.Equal(inode, Tool.Run("stat", "-c", "%i", cluster.ClientPath("desk")));
        Assert.Contains("because", cluster.Cli("client", "show", "desk").Out, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("resume", "desk").Code);
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal(("mine\n", "desk\n", machine), (cluster.Read("desk", "motd"), cluster.Read("desk", "hostname"), cluster.Read("desk", "machine-id")));
        Assert.Equal("client/desk", cluster.GitOf("desk", "symbolic-ref", "--short", "HEAD").Trim());
        Assert.Equal(["client/desk"], cluster.GitOf("desk", "for-each-ref", "--format=%(refname:short)", "refs/heads").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        cluster.AssertInOrder("desk");
        Assert.Equal(["pc01"], new FormerStore(cluster.Workspace.State).Find(Desk).Names.Select(name => name.Value));
    }

    [Fact]
    public void Who_still_knows_the_old_name_makes_no_clone_of_it()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Sync();
        cluster.Cli("client", "rename", "pc01", "desk");

        var outcome = cluster.SyncOne();

        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains("was renamed to desk", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(1, cluster.Cli("client", "add", "pc01", "--mac", "02:00:00:00:00:77").Code);
        Assert.Equal(0, cluster.Cli("client", "booted", "desk").Code);
        Assert.Equal(0, cluster.Cli("client", "add", "pc01", "--mac", "02:00:00:00:00:77").Code);
    }

    [Fact]
    public void Way_back_is_a_rename_like_any_other()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Sync();
        var before = cluster.Read("pc01", "machine-id");
        cluster.Cli("client", "rename", "pc01", "desk");
        var revision = cluster.Cli("inventory", "log", "--json").Json.GetProperty("revisions")[1].GetProperty("id").GetString()!;

        Assert.Contains("client rename desk pc01", cluster.Cli("inventory", "revert", revision, "--yes").Error, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("client", "rename", "desk", "pc01").Code);

        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal(before, cluster.Read("pc01", "machine-id"));
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Name_of_a_clone_that_is_still_there_is_refused_and_nothing_is_moved()
    {
        using var cluster = new Cluster(["pc01", "desk"]);
        cluster.Sync();
        cluster.Cli("client", "remove", "desk", "--yes");

        var answer = cluster.Cli("client", "rename", "pc01", "desk");

        Assert.Equal(1, answer.Code);
        Assert.Contains("etc-desk exists", answer.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(cluster.GitDirectory("pc01")));
        Assert.Contains("pc01", File.ReadAllText(cluster.Workspace.Locations.InventoryFile), StringComparison.Ordinal);
        Assert.Null(RenameRecord.Read(cluster.Workspace.State));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("PC01")]
    [InlineData("pc02")]
    [InlineData("a\nb")]
    [InlineData("pс01")]
    public void Name_that_cannot_be_is_refused(string name)
    {
        using var cluster = new Cluster(["pc01", "pc02"]);

        Assert.Equal(1, cluster.Cli("client", "rename", "pc01", name).Code);
        Assert.Null(RenameRecord.Read(cluster.Workspace.State));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Interrupted_rename_is_finished_by_the_next_sync(int steps)
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Sync();
        var machine = cluster.Read("pc01", "machine-id");
        var state = cluster.Workspace.State;
        new RenameRecord(Pc01, Desk).Write(state);
        // What a kill leaves behind, step by step.
        if (steps > 0) new FormerStore(state).Set(new(Desk, [Pc01], [], DateTimeOffset.UtcNow));
        if (steps > 1) Directory.Move(state.Identity(Pc01), state.Identity(Desk));
        if (steps > 2) Tool.Run("git", "--git-dir=" + state.GitDirectory(Pc01), "update-ref", "refs/heads/client/desk", "refs/heads/client/pc01");
        if (steps > 3)
        {
            Tool.Run("git", "--git-dir=" + state.GitDirectory(Pc01), "symbolic-ref", "HEAD", "refs/heads/client/desk");
            Tool.Run("git", "--git-dir=" + state.GitDirectory(Pc01), "update-ref", "-d", "refs/heads/client/pc01");
            Directory.Move(state.GitDirectory(Pc01), state.GitDirectory(Desk));
        }

        cluster.Cli("sync", "pc02");

        Assert.Null(RenameRecord.Read(state));
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal((machine, "desk\n"), (cluster.Read("desk", "machine-id"), cluster.Read("desk", "hostname")));
        Assert.False(Directory.Exists(cluster.ClientPath("pc01")));
        cluster.AssertInOrder("desk");
    }

    [Fact]
    public void Interrupted_rename_is_finished_with_what_serves_the_client()
    {
        using var cluster = new Cluster(["pc01"], "server:\n  address: 192.168.9.1\n  network: 192.168.9.0/24\ndhcp:\n  manage: false\nboot:\n  manage: false\n");
        cluster.Sync();
        Assert.Equal(0, cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.7").Code);
        Assert.NotEqual(1, cluster.Cli("server", "apply", "--yes").Code);
        new RenameRecord(Pc01, Desk).Write(cluster.Workspace.State);

        var sync = cluster.Cli("sync");

        Assert.Equal(0, sync.Code);
        Assert.Contains("desk", sync.Out, StringComparison.Ordinal);
        Assert.Contains("/srv/etc-desk\t192.168.9.7(rw", File.ReadAllText(Path.Combine(cluster.Root, "etc/exports.d/etcsync.exports")), StringComparison.Ordinal);
        cluster.AssertInOrder("desk");
    }

    [Fact]
    public void Removal_that_was_killed_before_the_servers_files_followed_is_finished_by_the_next_sync()
    {
        using var cluster = new Cluster(["pc01", "pc02"], "server:\n  address: 192.168.9.1\n  network: 192.168.9.0/24\ndhcp:\n  manage: false\nboot:\n  manage: false\n");
        cluster.Sync();
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.7");
        cluster.Cli("server", "apply", "--yes");
        var exports = Path.Combine(cluster.Root, "etc/exports.d/etcsync.exports");
        new EtcSync.Inventories.InventoryFile(cluster.Workspace).Edit(EtcSync.Core.Git.Signature.OfEtcSync(DateTimeOffset.Now), "client remove pc01", (file, text) => EtcSync.Core.Configuration.InventoryEditor.Remove(file, text, Pc01), CancellationToken.None);
        Assert.Contains("192.168.9.7", File.ReadAllText(exports), StringComparison.Ordinal);

        cluster.Cli("sync");

        Assert.DoesNotContain("192.168.9.7", File.ReadAllText(exports), StringComparison.Ordinal);
        Assert.DoesNotContain("follow now", cluster.Cli("sync").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rename_that_was_killed_behind_the_inventory_only_ends()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Sync();
        cluster.Cli("client", "rename", "pc01", "desk");
        new RenameRecord(Pc01, Desk).Write(cluster.Workspace.State);

        Assert.Equal(0, cluster.Cli("client", "rename", "pc01", "desk").Code);
        Assert.Null(RenameRecord.Read(cluster.Workspace.State));
        Assert.Equal(0, cluster.Cli("sync").Code);
        cluster.AssertInOrder("desk");
    }

    [Fact]
    public void Answers_to_disputes_go_with_the_client()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Sync();
        cluster.Put("motd", "one\nUPSTREAM\nthree\nfour\nfive\n");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "one\nCLIENT\nthree\nfour\nfive\n");
        cluster.Commit("motd");
        cluster.Sync();
        var clients = cluster.Workspace.Configuration.Inventory.Clients;
        var target = new EtcSync.Fleet.FleetObserver(cluster.Workspace).Observe(clients);
        var id = EtcSync.Cli.DisputeView.Of(new EtcSync.Fleet.FleetSync(cluster.Workspace).Preview(clients, target, SyncRequest.Now, CancellationToken.None))[0].Key.Id;
        Assert.Equal(0, cluster.Cli("resolve", id, "--take", "client", "--client", "pc01").Code);

        cluster.Cli("client", "rename", "pc01", "desk");

        var kept = cluster.Workspace.Resolutions.Load().Set.All.SelectMany(one => one.Clients).Select(name => name.Value);
        Assert.Contains("desk", kept);
    }
}
