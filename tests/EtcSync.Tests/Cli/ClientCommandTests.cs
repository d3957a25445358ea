using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ClientCommandTests
{
    [Fact]
    public void Inventory_that_is_not_written_in_utf8_is_not_changed()
    {
        using var cluster = new Cluster(["pc01"]);
        var file = Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml");
        byte[] text = [.. File.ReadAllBytes(file), .. "# B\u00fcro\n".Select(letter => (byte)letter)];
        File.WriteAllBytes(file, text);

        var answer = cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:77", "--ip", "192.168.9.2");

        Assert.Equal(1, answer.Code);
        Assert.Contains("not written in UTF-8", answer.Error, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllBytes(file));
    }

    [Fact]
    public void Added_client_is_in_the_inventory_and_comments_stay()
    {
        using var cluster = new Cluster(["pc01"]);
        var file = Inventory(cluster);
        File.AppendAllText(file, "# the end\n");
        File.SetUnixFileMode(file, (UnixFileMode)0x1A0);

        var answer = cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:77", "--ip", "192.168.9.2", "--group", "lab", "--group", "kiosk");

        Assert.Equal(0, answer.Code);
        Assert.Contains("group/lab has no layer yet", answer.Out, StringComparison.Ordinal);
        Assert.Contains("# the end", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0x1A0, File.GetUnixFileMode(file));
        var client = cluster.Cli("client", "show", "pc02", "--json").Json.GetProperty("client");
        Assert.Equal(["lab", "kiosk"], client.GetProperty("groups").EnumerateArray().Select(group => group.GetString()));
        Assert.Equal("192.168.9.2", client.GetProperty("ip").GetString());
        Assert.Equal("at-once", client.GetProperty("rollout").GetProperty("mode").GetString());
        Assert.Equal(2, cluster.Cli("client", "list", "--json").Json.GetProperty("clients").GetArrayLength());
    }

    [Fact]
    public void Client_that_cannot_be_added_changes_nothing_and_all_reasons_are_told()
    {
        using var cluster = new Cluster(["pc01"]);
        var before = File.ReadAllText(Inventory(cluster));

        var wrong = cluster.Cli("client", "add", "PC_1", "--mac", "1", "--ip", "0.0.0.0");
        var taken = cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:00");

        Assert.Equal((1, 1), (wrong.Code, taken.Code));
        Assert.Equal(3, wrong.Error.TrimEnd().Split('\n').Length);
        Assert.Contains("/etc/etcsync/inventory.yaml", taken.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Inventory(cluster)));
    }

    [Fact]
    public void Inventory_behind_a_link_stays_behind_it()
    {
        using var cluster = new Cluster(["pc01"]);
        var elsewhere = Path.Combine(cluster.Root, "inventory-repository.yaml");
        File.Move(Inventory(cluster), elsewhere);
        File.CreateSymbolicLink(Inventory(cluster), elsewhere);

        Assert.Equal(0, cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:77").Code);

        Assert.Equal(elsewhere, new FileInfo(Inventory(cluster)).LinkTarget);
        Assert.Contains("pc02", File.ReadAllText(elsewhere), StringComparison.Ordinal);
    }

    [Fact]
    public void Removed_client_keeps_its_clone()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Cli("sync");

        Assert.Equal(0, cluster.Cli("client", "remove", "pc01", "--yes").Code);

        Assert.True(File.Exists(cluster.ClientPath("pc01", "motd")));
        Assert.True(Directory.Exists(cluster.GitDirectory("pc01")));
        Assert.DoesNotContain("pc01", File.ReadAllText(Inventory(cluster)), StringComparison.Ordinal);
        Assert.Equal(1, cluster.Cli("client", "remove", "pc01", "--yes").Code);
    }

    [Fact]
    public void Clone_is_deleted_only_after_a_yes_and_the_identity_stays()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Cli("sync");
        var identity = cluster.Read("pc01", "machine-id");

        Assert.Equal(1, cluster.Cli("client", "remove", "pc01").Code);
        Assert.Equal(1, cluster.Cli("client", "remove", "pc01", "--delete-clone").Code);
        Assert.Equal(1, Answered("n").Code);
        Assert.True(Directory.Exists(cluster.ClientPath("pc01")));
        Assert.Equal(0, Answered("y").Code);

        Assert.False(Directory.Exists(cluster.ClientPath("pc01")));
        Assert.False(Directory.Exists(cluster.GitDirectory("pc01")));
        Assert.True(Directory.Exists(cluster.ClientPath("pc02")));
        cluster.Cli("client", "add", "pc01", "--mac", "02:00:00:00:00:77");
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal(identity, cluster.Read("pc01", "machine-id"));

        Answer Answered(string answer) => CommandLine.Run(
            terminal => terminal with { InIsTerminal = true, In = new StringReader(answer + "\n") }, "--root", cluster.Root, "client", "remove", "pc01", "--delete-clone");
    }

    [Fact]
    public void Directory_that_is_not_ours_is_not_deleted()
    {
        using var cluster = new Cluster(["pc01"]);
        Directory.CreateDirectory(cluster.ClientPath("pc01"));
        File.WriteAllText(cluster.ClientPath("pc01", "precious"), "x");

        Assert.Equal(1, cluster.Cli("client", "remove", "pc01", "--delete-clone", "--yes").Code);

        Assert.True(File.Exists(cluster.ClientPath("pc01", "precious")));
        Assert.Contains("pc01", File.ReadAllText(Inventory(cluster)), StringComparison.Ordinal);
    }

    private static string Inventory(Cluster cluster) => Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml");
}
