using EtcSync.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ResolveTests
{
    private const string Mine = "one\ntwo\nthree\nfour\nmine\n";
    private const string Theirs = "one\ntwo\nthree\nfour\ntheirs\n";

    [Theory]
    [InlineData("upstream", Theirs)]
    [InlineData("client", Mine)]
    [InlineData("base", "one\ntwo\nthree\nfour\nfive\n")]
    public void Side_that_is_taken_stands_everywhere_at_once(string side, string expected)
    {
        using var cluster = Disputed("pc01", "pc02");

        var answer = cluster.Cli("resolve", Id(cluster)[..6], "--take", side);

        Assert.True(answer.Code == 0, answer.Error + answer.Out);
        Assert.Equal([expected, expected], new[] { "pc01", "pc02" }.Select(name => cluster.Read(name, "motd")));
        Assert.Contains("motd is settled: ", answer.Out, StringComparison.Ordinal);
        Assert.Contains("settled by tester", cluster.GitOf("pc02", "log", "-1", "--format=%B"), StringComparison.Ordinal);
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Answer_for_one_client_leaves_the_other()
    {
        using var cluster = Disputed("pc01", "pc02");

        Assert.Equal(0, cluster.Cli("resolve", Id(cluster), "--take", "upstream", "--client", "pc02").Code);

        Assert.Equal(2, cluster.Cli("sync").Code);
        Assert.Equal([Mine, Theirs], new[] { "pc01", "pc02" }.Select(name => cluster.Read(name, "motd")));
    }

    [Fact]
    public void Later_means_that_the_next_sync_applies_it()
    {
        using var cluster = Disputed("pc01");
        var id = Id(cluster);

        Assert.Equal(0, cluster.Cli("resolve", id, "--take", "upstream", "--later").Code);
        Assert.Equal(Mine, cluster.Read("pc01", "motd"));
        Assert.Contains("settle", cluster.Cli("plan").Out, StringComparison.Ordinal);
        var settled = Assert.Single(cluster.Cli("sync", "--json").Json.GetProperty("clients")[0].GetProperty("settled").EnumerateArray());

        Assert.Equal((id, "upstream", "tester"), (settled.GetProperty("id").GetString(), settled.GetProperty("answer").GetString(), settled.GetProperty("by").GetString()));
        Assert.Equal(Theirs, cluster.Read("pc01", "motd"));
    }

    [Fact]
    public void File_is_the_new_content()
    {
        using var cluster = Disputed("pc01");
        var file = Path.Combine(cluster.Root, "answer");
        File.WriteAllText(file, "both\n");

        Assert.Equal(0, cluster.Cli("resolve", Id(cluster), "--file", file).Code);

        Assert.Equal("both\n", cluster.Read("pc01", "motd"));
        Assert.Equal("content", Assert.Single(cluster.Cli("resolutions", "list", "--json").Json.GetProperty("resolutions").EnumerateArray()).GetProperty("answer").GetString());
    }

    [Fact]
    public void File_with_marks_in_it_settles_nothing()
    {
        using var cluster = Disputed("pc01");
        var file = Path.Combine(cluster.Root, "answer");
        File.WriteAllText(file, "one\n<<<<<<< client\nmine\n");

        var answer = cluster.Cli("resolve", Id(cluster), "--file", file);

        Assert.Equal(1, answer.Code);
        Assert.Contains("marks", answer.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Workspace.Resolutions.Load().Set.All);
    }

    [Fact]
    public void Empty_file_needs_somebody_who_says_that_it_is_meant()
    {
        using var cluster = Disputed("pc01");
        var file = Path.Combine(cluster.Root, "answer");
        File.WriteAllText(file, "");
        string[] arguments = ["--root", cluster.Root, "resolve", Id(cluster), "--file", file];

        Assert.Equal(1, CommandLine.Run(arguments).Code);
        Assert.Equal(0, CommandLine.Run(terminal => terminal with { InIsTerminal = true, In = new StringReader("y\n") }, arguments).Code);

        Assert.Equal("", cluster.Read("pc01", "motd"));
    }

    [Fact]
    public void Editor_gets_both_sides_and_its_result_stands()
    {
        using var cluster = Disputed("pc01");
        var seen = Path.Combine(cluster.Root, "seen");

        var answer = Edit(cluster, $"stat -c '%a %n' \"$1\" \"$(dirname \"$1\")\" > {seen}; cat \"$1\" >> {seen}; printf 'both\\n' > \"$1\"");

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Equal("both\n", cluster.Read("pc01", "motd"));
        var text = File.ReadAllText(seen);
        Assert.Matches(@"^600 .*/motd\n700 ", text);
        Assert.Contains("<<<<<<< client\nmine\n||||||| base\nfive\n=======\ntheirs\n>>>>>>> upstream\n", text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(cluster.Workspace.State.Edits));
    }

    [Theory]
    [InlineData("true", "Nothing was changed")]
    [InlineData("echo x >> \"$1\"", "marks left")]
    [InlineData(": > \"$1\"", "empty")]
    [InlineData("rm \"$1\"", "no file")]
    [InlineData("exit 3", "ended with 3")]
    public void Edit_that_is_no_answer_settles_nothing_and_leaves_nothing(string script, string reason)
    {
        using var cluster = Disputed("pc01");

        var answer = Edit(cluster, script);

        Assert.Equal(1, answer.Code);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(cluster.Workspace.State.Edits));
        Assert.Empty(cluster.Workspace.Resolutions.Load().Set.All);
        Assert.Equal(Mine, cluster.Read("pc01", "motd"));
    }

    [Fact]
    public void Version_that_does_not_exist_removes_and_that_is_said()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Sync();
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), Mine);
        File.Delete(cluster.UpstreamPath("motd"));
        cluster.Commit("gone");

        var answer = cluster.Cli("resolve", Id(cluster), "--take", "upstream");

        Assert.Contains("motd is removed", answer.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(cluster.ClientPath("pc01", "motd")));
    }

    [Fact]
    public void Unknown_ids_say_what_there_is()
    {
        using var cluster = Disputed("pc01");
        var id = Id(cluster);
        var near = (id[0] == '0' ? "1" : "0") + id[1..];

        Assert.Contains($"Did you mean {id}?", cluster.Cli("resolve", near, "--take", "base").Error, StringComparison.Ordinal);
        Assert.Contains("no id of a dispute", cluster.Cli("resolve", "motd", "--take", "base").Error, StringComparison.Ordinal);
        cluster.Cli("resolve", id, "--take", "upstream");
        Assert.Contains("motd is settled already: upstream's version, by tester on ", cluster.Cli("resolve", id, "--take", "base").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_way_to_settle_is_asked_for()
    {
        using var cluster = Disputed("pc01");

        Assert.Contains("in one way", cluster.Cli("resolve", Id(cluster)).Error, StringComparison.Ordinal);
        Assert.Contains("in one way", cluster.Cli("resolve", Id(cluster), "--take", "base", "--edit").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_that_does_not_have_it_is_named()
    {
        using var cluster = Disputed("pc01", "pc02");
        File.WriteAllText(cluster.ClientPath("pc02", "motd"), "one\ntwo\nthree\nfour\nfive\n");

        var answer = cluster.Cli("resolve", Id(cluster), "--take", "upstream", "--client", "pc02");

        Assert.Equal(1, answer.Code);
        Assert.Contains("pc02 does not have this dispute; pc01 does.", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_answer_settles_says_what_to_do_instead()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Sync();
        File.WriteAllText(cluster.ClientPath("pc01", "fonts.cache"), "own\n");
        cluster.Put("fonts.cache", "upstream's\n");
        Tool.Git(cluster.Upstream, "add", "-f", "fonts.cache");
        cluster.Commit("cache");

        var answer = cluster.Cli("resolve", Id(cluster), "--take", "upstream");

        Assert.Equal(2, answer.Code);
        Assert.Contains("cannot be settled by an answer", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Move fonts.cache away", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_that_was_not_rolled_out_is_listed_by_client()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Sync();
        File.WriteAllText(cluster.ClientPath("pc01", "shadow"), "root:OWN:19000:0:99999:7:::\n");
        cluster.Put("shadow", "root:NEW:19001:0:99999:7:::\n", 0x1A0, 0, 42);
        cluster.Commit("password");

        var answer = cluster.Cli("resolve", Id(cluster), "--take", "client");

        Assert.Contains("upstream's password for root", answer.Out, StringComparison.Ordinal);
        var status = cluster.Cli("status");
        Assert.Contains("pc01: it keeps its own password for root", status.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("pc02: it keeps", status.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("OWN", status.Out + answer.Out + answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispute_about_a_mode_takes_a_side_and_has_no_content()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Sync();
        File.SetUnixFileMode(cluster.ClientPath("pc01", "motd"), UnixFileMode.UserRead);
        cluster.Put("motd", "one\ntwo\nthree\nfour\nfive\n", 0x180);
        cluster.Commit("mode");

        Assert.Contains("'--take upstream' or '--take client'", cluster.Cli("resolve", Id(cluster), "--take", "base").Error, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("resolve", Id(cluster), "--take", "upstream").Code);

        Assert.StartsWith("600 ", cluster.Attributes("pc01", "motd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_says_what_was_settled_and_what_came_of_it()
    {
        using var cluster = Disputed("pc01");
        var id = Id(cluster);

        var json = cluster.Cli("resolve", id, "--take", "upstream", "--json").Json;

        Assert.Equal((id, "motd", "upstream"), (json.GetProperty("id").GetString(), json.GetProperty("path").GetString(), json.GetProperty("answer").GetString()));
        Assert.Equal("synced", json.GetProperty("applied")[0].GetProperty("outcome").GetString());
    }

    private static Answer Edit(Cluster cluster, string script)
    {
        var editor = Path.Combine(cluster.Root, "editor");
        File.WriteAllText(editor, $"#!/bin/sh\n[ \"$1\" = --wait ] && shift\n{script}\n");
        File.SetUnixFileMode(editor, (UnixFileMode)0x1ED);
        return CommandLine.Run(terminal => terminal with { Editor = $"{editor} --wait" }, "--root", cluster.Root, "resolve", Id(cluster), "--edit");
    }

    private static string Id(Cluster cluster)
    {
        var clients = cluster.Workspace.Configuration.Inventory.Clients;
        var target = new EtcSync.Fleet.FleetObserver(cluster.Workspace).Observe(clients);
        return DisputeView.Of(new EtcSync.Fleet.FleetSync(cluster.Workspace).Preview(clients, target, EtcSync.Clients.SyncRequest.Now, CancellationToken.None))[0].Key.Id;
    }

    private static Cluster Disputed(params string[] clients)
    {
        var cluster = new Cluster(clients);
        cluster.Sync();
        foreach (var client in clients) File.WriteAllText(cluster.ClientPath(client, "motd"), Mine);
        cluster.Put("motd", Theirs);
        cluster.Commit("theirs");
        return cluster;
    }
}
