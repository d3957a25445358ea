using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class HoldTests
{
    [Fact]
    public void Earlier_hold_is_not_overwritten_in_silence()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("hold", "pc01", "--reason", "It is on loan.");

        Assert.Contains("It is on loan", cluster.Cli("hold", "pc01").Out, StringComparison.Ordinal);
        Assert.Contains("It is on loan", cluster.Cli("client", "show", "pc01").Out, StringComparison.Ordinal);
        Assert.Contains("It is on loan", cluster.Cli("hold", "pc01", "--reason", "Broken.").Error, StringComparison.Ordinal);
        Assert.Contains("Broken.", cluster.Cli("client", "show", "pc01").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_of_a_client_that_lost_its_files_says_what_to_do()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        Directory.Delete(cluster.ClientPath("pc01", "conf.d"), recursive: true);

        var answer = cluster.Cli("resume", "pc01");

        Assert.Equal(2, answer.Code);
        Assert.Contains($"'etcsync --root {cluster.Root} sync --accept-drift pc01'", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_and_names_exclude_each_other() => Assert.Contains("not both", Both().Error, StringComparison.Ordinal);

    [Fact]
    public void Policy_with_the_other_ending_is_warned_of()
    {
        using var cluster = new Cluster(["pc01"]);
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/policies/70-mine.yml"), "version: 1\n");

        var answer = cluster.Cli("client", "list");

        Assert.Equal(0, answer.Code);
        Assert.Contains("70-mine.yml: It is not in force", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_inventory_has_no_clients_and_takes_one()
    {
        using var cluster = new Cluster([]);
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml"), "");

        Assert.Contains("no clients yet", cluster.Cli("client", "list").Out, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("client", "add", "pc01", "--mac", "02:00:00:00:00:01").Code);
        Assert.Contains("dynamic", cluster.Cli("client", "list").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Holder_is_named_once_where_no_reason_was_given()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("hold", "--all");

        var answer = cluster.Cli("status");

        Assert.Contains("held: The whole fleet, by ", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Layer_that_is_removed_can_be_brought_back()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        cluster.Cli("layer", "edit", "lab", "-m", "motd", "--", "/bin/sh", "-c", "echo lab >motd");
        cluster.Cli("sync");
        Assert.Equal("lab\n", cluster.Read("pc01", "motd"));

        Assert.Equal(1, cluster.Cli("layer", "remove", "group/lab").Code);
        var removed = cluster.Cli("layer", "remove", "group/lab", "--force");
        Assert.Equal(0, removed.Code);
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.StartsWith("one\n", cluster.Read("pc01", "motd"), StringComparison.Ordinal);

        var command = removed.Out.Split('\n').Single(line => line.StartsWith("  git ", StringComparison.Ordinal)).Trim().Split(' ');
        Tool.Run("git", command[1..]);
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal("lab\n", cluster.Read("pc01", "motd"));
    }

    private static Answer Both()
    {
        using var cluster = new Cluster(["pc01"]);
        return cluster.Cli("hold", "--all", "pc01");
    }
}
