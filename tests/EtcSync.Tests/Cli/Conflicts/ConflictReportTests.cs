using System.Text.Json;
using System.Text.RegularExpressions;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli.Conflicts;

public sealed class ConflictReportTests
{
    private const string Canary = "CANARY-7f3a";

    [Fact]
    public void Both_sides_are_told_with_commit_author_and_date()
    {
        using var cluster = Disputed("pc01");
        cluster.Put("other", "later\n");
        cluster.Commit("later");

        var changed = One(cluster).GetProperty("changed").EnumerateArray().ToList();

        Assert.Equal(["client", "upstream"], changed.Select(change => change.GetProperty("side").GetString()));
        Assert.Equal("pc01", changed[0].GetProperty("author").GetString());
        Assert.Equal(cluster.GitOf("pc01", "rev-parse", "HEAD").Trim(), changed[0].GetProperty("commit").GetString());
        Assert.Equal("motd", changed[1].GetProperty("subject").GetString());
        Assert.Equal(Tool.Git(cluster.Upstream, "rev-parse", "HEAD~1").Trim(), changed[1].GetProperty("commit").GetString());
        Assert.Matches(@"changed  pc01: pc01, \d{4}-\d\d-\d\d \d\d:\d\d, [0-9a-f]{10} \(pc01 changed motd\)\n +upstream: Test, .* \(motd\)\n", cluster.Cli("conflicts").Out);
    }

    [Fact]
    public void Change_that_is_not_committed_yet_is_shown_and_said_to_be_so()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "one\ntwo\nthree\nfour\nmine\n");
        cluster.Put("motd", "one\ntwo\nthree\nfour\ntheirs\n");
        cluster.Commit("motd");

        var answer = cluster.Cli("conflicts").Out;

        Assert.Matches(@"-five +5 \+mine +5 \+theirs", answer);
        Assert.Contains("pc01: in its files, not committed yet", answer, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, One(cluster).GetProperty("changed")[0].GetProperty("commit").ValueKind);
    }

    [Fact]
    public void Rules_that_were_asked_are_named_with_file_and_line()
    {
        using var cluster = Disputed("pc01");
        cluster.Configure("version: 1\nrules:\n  - {path: motd, merger: text, on-conflict: hold}\n");

        var answer = cluster.Cli("conflicts").Out;

        Assert.Contains("merger: text, by ", answer, StringComparison.Ordinal);
        Assert.Matches(@"on-conflict: hold, by .*80-site\.yaml:3\n", answer);
        Assert.Equal(["merger", "on-conflict"], One(cluster).GetProperty("asked").EnumerateArray().Select(rule => rule.GetProperty("property").GetString()));
    }

    [Fact]
    public void Same_dispute_is_one_entry_although_it_was_changed_at_different_times()
    {
        using var cluster = Disputed("pc01", "pc02");
        File.WriteAllText(cluster.ClientPath("pc02", "conf.d/01.conf"), "value=own\n");
        cluster.Cli("sync");

        Assert.Equal(2, One(cluster).GetProperty("clients").GetArrayLength());
        Assert.Contains("1 conflict on 2 clients.", cluster.Cli("conflicts").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_that_wait_for_another_are_told_with_it()
    {
        using var cluster = new Cluster(["pc01"], policies: "version: 1\nrules:\n  - {paths: [motd, conf.d/01.conf], together: pair}\n");
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "mine\n");
        cluster.Put("motd", "theirs\n");
        cluster.Put("conf.d/01.conf", "value=new\n");
        cluster.Commit("both");

        var conflict = One(cluster);

        Assert.Equal("motd", conflict.GetProperty("path").GetString());
        Assert.Equal(["conf.d/01.conf"], conflict.GetProperty("holds").EnumerateArray().Select(path => path.GetString()));
        Assert.Contains("holds    conf.d/01.conf (changed only together with it)", cluster.Cli("conflicts").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_most_clients_have_comes_first_of_a_path()
    {
        using var cluster = Disputed("pc01", "pc02", "pc03");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "one\ntwo\nthree\nfour\nanother\n");

        var conflicts = cluster.Cli("conflicts", "--json").Json.GetProperty("conflicts").EnumerateArray();

        Assert.Equal([2, 1], conflicts.Select(conflict => conflict.GetProperty("clients").GetArrayLength()));
    }

    [Fact]
    public void Links_are_told_by_where_they_point()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.CreateSymbolicLink(cluster.ClientPath("pc01", "localtime"), "/usr/share/zoneinfo/Europe/Berlin");
        cluster.Cli("sync");
        File.CreateSymbolicLink(cluster.UpstreamPath("localtime"), "/usr/share/zoneinfo/UTC");
        cluster.Commit("localtime");

        var answer = cluster.Cli("conflicts").Out;

        Assert.Contains("client   a symbolic link to /usr/share/zoneinfo/Europe/Berlin\n", answer, StringComparison.Ordinal);
        Assert.Contains("upstream a symbolic link to /usr/share/zoneinfo/UTC\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("merger", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("--edit", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_for_a_record_keeps_the_client_s_version_of_that_record()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "passwd"), "root:x:0:0:root:/root:/bin/zsh\nman:x:6:12:man:/var:/bin/sh\n");
        cluster.Cli("sync");
        cluster.Put("passwd", "root:x:0:0:root:/root:/bin/fish\nman:x:6:12:man:/var/man:/bin/sh\n");
        cluster.Commit("shells");
        var conflict = One(cluster);

        cluster.Configure($"version: 1\nrules:\n  {conflict.GetProperty("rule").GetString()}\n");

        Assert.Equal("root", conflict.GetProperty("record").GetString());
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal("root:x:0:0:root:/root:/bin/zsh\nman:x:6:12:man:/var/man:/bin/sh\n", cluster.Read("pc01", "passwd"));
    }

    [Fact]
    public void Rule_for_a_name_with_wildcards_is_about_that_name_only()
    {
        using var cluster = new Cluster(["pc01"], firstCommit: made => made.Put("conf.d/[a]*.conf", "base\n"));
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "conf.d/[a]*.conf"), "mine\n");
        cluster.Cli("sync");
        cluster.Put("conf.d/[a]*.conf", "theirs\n");
        cluster.Commit("wildcards");
        var rule = One(cluster).GetProperty("rule").GetString();

        cluster.Configure($"version: 1\nrules:\n  {rule}\n");

        Assert.Equal("- {path: \"conf.d/[[]a][*].conf\", clients: [pc01], class: client}", rule);
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal("mine\n", cluster.Read("pc01", "conf.d/[a]*.conf"));
    }

    [Theory]
    [InlineData("conflicts")]
    [InlineData("conflicts", "--json")]
    [InlineData("conflicts", "--html", "-")]
    [InlineData("plan")]
    [InlineData("plan", "--json")]
    [InlineData("status")]
    [InlineData("status", "--json")]
    [InlineData("log", "pc01")]
    [InlineData("log", "pc01", "--json")]
    [InlineData("sync")]
    [InlineData("sync", "--json")]
    public void Secret_content_is_in_no_report(params string[] command)
    {
        using var cluster = new Cluster(["pc01"], policies: "version: 1\nrules:\n  - {path: tokens, secret: true}\n", firstCommit: made => made.Put("tokens", $"user: {Canary}-base\n", 0x180));
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "shadow"), $"root:$y$j9T${Canary}-client:19000:0:99999:7:::\n");
        File.WriteAllText(cluster.ClientPath("pc01", "tokens"), $"user: {Canary}-client\n");
        cluster.Cli("sync");
        cluster.Put("shadow", $"root:$y$j9T${Canary}-upstream:19000:0:99999:7:::\n", 0x1A0, 0, 42);
        cluster.Put("tokens", $"user: {Canary}-upstream\n", 0x180);
        cluster.Commit("secrets");

        var answer = cluster.Cli(command);

        Assert.DoesNotContain(Canary, answer.Out + answer.Error, StringComparison.Ordinal);
        if (command[0] != "log") Assert.Contains("shadow", answer.Out, StringComparison.Ordinal);
        if (command is ["conflicts"]) Assert.Contains("From the base, the client's version differs in 1 line, upstream's differs in 1 line.", answer.Out.Replace("\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_escapes_what_clients_wrote()
    {
        using var cluster = new Cluster(["pc01"], firstCommit: made => made.Put("<script>alert('name')<\\script>", "a\n"));
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "one\ntwo\nthree\nfour\n</td><script>alert(1)</script>\u202Eevil\e[2J\n");
        File.WriteAllText(cluster.ClientPath("pc01", "<script>alert('name')<\\script>"), "mine\n");
        cluster.Cli("sync");
        cluster.Put("motd", "one\ntwo\nthree\nfour\n\"' onload=x\n");
        cluster.Put("<script>alert('name')<\\script>", "theirs\n");
        cluster.Commit("<img src=x onerror=alert(2)>");

        var answer = cluster.Cli("conflicts", "--html", "-");

        Assert.Equal(2, answer.Code);
        Assert.DoesNotContain("<script", answer.Out, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", answer.Out, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\u202E", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", answer.Out, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;\\u202eevil\\x1b[2J", answer.Out, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(2)&gt;", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_is_whole_and_needs_nothing_else()
    {
        using var cluster = Disputed("pc01", "pc02");

        var page = cluster.Cli("conflicts", "--html", "-").Out;

        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?i)\b(src|href)=""(?!#)", page);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        foreach (var element in (string[])["article", "table", "thead", "tbody", "tr", "td", "th", "dl", "dd", "dt", "ul", "li", "p", "pre", "code", "mark", "span", "details", "main"])
        {
            Assert.Equal(Regex.Count(page, $"<{element}[ >]"), Regex.Count(page, $"</{element}>"));
        }
    }

    [Fact]
    public void Page_is_written_to_a_file_that_only_its_owner_reads()
    {
        using var cluster = Disputed("pc01");
        var file = Path.Combine(cluster.Root, "page.html");

        var answer = cluster.Cli("conflicts", "--html", file);

        Assert.Equal(2, answer.Code);
        Assert.Equal($"1 conflict on 1 client: {file} shows them.\n", answer.Out);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("motd", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(cluster.Root), name => name.EndsWith(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_replaces_a_link_and_does_not_write_through_it()
    {
        using var cluster = Disputed("pc01");
        var (file, target) = (Path.Combine(cluster.Root, "page.html"), Path.Combine(cluster.Root, "precious"));
        File.WriteAllText(target, "precious\n");
        File.CreateSymbolicLink(file, target);

        cluster.Cli("conflicts", "--html", file);

        Assert.Equal("precious\n", File.ReadAllText(target));
        Assert.Null(new FileInfo(file).LinkTarget);
    }

    [Theory]
    [InlineData("two formats", "--html", "-", "--json")]
    [InlineData("needs the name of a file", "--html", "")]
    [InlineData("no-such-directory", "--html", "/no-such-directory/page.html")]
    public void Formats_that_cannot_be_had_are_refused(string words, params string[] options)
    {
        using var cluster = Disputed("pc01");

        var answer = cluster.Cli(["conflicts", .. options]);

        Assert.Equal(1, answer.Code);
        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public void Report_fits_the_terminal(int width)
    {
        using var cluster = Disputed("pc01", "pc02");
        var line = string.Join(',', Enumerable.Range(0, 40).Select(i => $"option{i}"));
        File.WriteAllText(cluster.ClientPath("pc01", "conf.d/02.conf"), $"mine={line}\n");
        cluster.Cli("sync");
        cluster.Put("conf.d/02.conf", $"theirs={line}\n");
        cluster.Commit("long lines");

        var answer = CommandLine.Run(terminal => terminal with { Width = width }, "--root", cluster.Root, "conflicts");

        // What is pasted is never broken: it is as long as the name of the sandbox makes it.
        Assert.All(answer.Out.Split('\n').Where(text => !text.Contains(cluster.Root, StringComparison.Ordinal)), text => Assert.True(text.Length <= width, text));
        Assert.Contains("↳", answer.Out, StringComparison.Ordinal);
    }

    private static Cluster Disputed(params string[] clients)
    {
        var cluster = new Cluster(clients);
        cluster.Cli("sync");
        foreach (var client in clients)
        {
            File.WriteAllText(cluster.ClientPath(client, "motd"), "one\ntwo\nthree\nfour\nmine\n");
            cluster.Cli("sync", client);
        }

        cluster.Put("motd", "one\ntwo\nthree\nfour\ntheirs\n");
        cluster.Commit("motd");
        return cluster;
    }

    private static JsonElement One(Cluster cluster) => Assert.Single(cluster.Cli("conflicts", "--json").Json.GetProperty("conflicts").EnumerateArray());
}
