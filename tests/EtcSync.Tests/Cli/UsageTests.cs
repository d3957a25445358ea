using EtcSync.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("status", "sttus")]
    [InlineData("--json", "status", "--jsn")]
    [InlineData("remove", "client", "remov")]
    [InlineData("--accept-drift", "sync", "--acceptdrift")]
    public void Mistyped_word_gets_a_suggestion(string meant, params string[] arguments)
    {
        var answer = CommandLine.Run(arguments);

        Assert.Equal(1, answer.Code);
        Assert.Equal("", answer.Out);
        Assert.Contains($"Did you mean '{meant}'?", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Word_that_is_none_of_the_choices_is_answered_with_them()
    {
        var answer = CommandLine.Run("resolve", "0123", "--take", "theirs");

        Assert.Equal(1, answer.Code);
        Assert.StartsWith("'--take' is upstream, client or base, and not 'theirs'.\n", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_clients_get_suggestions_all_at_once()
    {
        using var cluster = new Cluster(["pc01", "kiosk"]);

        var answer = cluster.Cli("sync", "pc01", "kisok", "pc011");

        Assert.Equal(1, answer.Code);
        Assert.Contains("'kisok' in the inventory. Did you mean 'kiosk'?", answer.Error, StringComparison.Ordinal);
        Assert.Contains("'pc011' in the inventory. Did you mean 'pc01'?", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cluster.ClientPath("pc01")));
    }

    [Fact]
    public void Broken_configuration_is_listed_with_all_files_and_lines()
    {
        using var cluster = new Cluster(["pc01"]);
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/etcsync.yaml"), "version: 1\nupstream:\n  brunch: master\ndrift:\n  settle: soon\n");
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml"), "version: 1\nclients:\n  - name: pc01\n    mac: x\n");
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/policies/90-bad.yaml"), "version: 1\nrules:\n  - path: a\n    class: mine\n");

        var answer = cluster.Cli("status");

        Assert.Equal(1, answer.Code);
        Assert.Contains("There are 4 problems:", answer.Error, StringComparison.Ordinal);
        Assert.Contains("/etc/etcsync/etcsync.yaml:3: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("/etc/etcsync/etcsync.yaml:5: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("/etc/etcsync/inventory.yaml:4: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("/etc/etcsync/policies/90-bad.yaml:4: ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_settings_init_is_named()
    {
        var answer = CommandLine.Run("--root", "/nonexistent", "status");

        Assert.Equal(1, answer.Code);
        Assert.Contains("'etcsync --root /nonexistent init'", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    public void Number_of_commits_is_a_positive_number(string number) =>
        Assert.StartsWith($"'--number' is a whole number, at least 1, and not '{number}'.", CommandLine.Run("log", "pc01", "-n", number).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("status")]
    [InlineData("init")]
    [InlineData("sync")]
    public void Outside_a_sandbox_an_ordinary_user_is_told_to_be_root(string command)
    {
        var answer = CommandLine.Run(terminal => terminal with { IsRoot = false }, command);

        Assert.Equal(1, answer.Code);
        Assert.Contains("root", answer.Error, StringComparison.Ordinal);
        Assert.Equal("", answer.Out);
    }

    [Fact]
    public void Unexpected_error_is_a_sentence_without_a_stack_trace()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Workspace.State.Prepare();
        var format = Path.Combine(cluster.Root, "var/lib/etcsync/format");
        File.Delete(format);
        Directory.CreateDirectory(format);

        var answer = cluster.Cli("status");
        var verbose = cluster.Cli("status", "--verbose");

        Assert.Equal(1, answer.Code);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        Assert.NotEqual("", answer.Error.Trim());
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_root_is_not_the_machine() => Assert.Contains("'--root' needs", CommandLine.Run("--root", "", "status").Error, StringComparison.Ordinal);

    [Fact]
    public void Group_of_commands_without_one_explains_itself()
    {
        var answer = CommandLine.Run("client");

        Assert.Equal(1, answer.Code);
        Assert.Contains("remove", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_is_for_terminals_that_want_it()
    {
        using var cluster = new Cluster(["pc01"]);
        string[] status = ["--root", cluster.Root, "status"];
        Terminal Colourful(Terminal terminal) => terminal with { OutIsTerminal = true };

        Assert.Contains('\u001b', CommandLine.Run(Colourful, status).Out);
        Assert.DoesNotContain('\u001b', CommandLine.Run(Colourful, [.. status, "--no-color"]).Out);
        Assert.DoesNotContain('\u001b', CommandLine.Run(terminal => Colourful(terminal) with { NoColor = true }, status).Out);
        Assert.DoesNotContain('\u001b', CommandLine.Run(status).Out);
    }

    [Fact]
    public void Completion_knows_commands_options_and_clients()
    {
        using var cluster = new Cluster(["pc01", "kiosk"]);

        Assert.Contains("status", Suggest("etcsync st"));
        Assert.Contains("--accept-drift", Suggest("etcsync sync --acc"));
        Assert.Equal(["kiosk"], Suggest($"etcsync --root {cluster.Root} sync ki"));
        Assert.Contains("pc01", Suggest($"etcsync --root {cluster.Root} client show "));

        static string[] Suggest(string line) => CommandLine.Run($"[suggest:{line.Length}]", line).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void Completion_script_for_bash_is_one()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, CommandLine.Run("completion", "bash").Out);

        Tool.Run("bash", "-n", file);

        File.Delete(file);
        Assert.Contains("compdef", CommandLine.Run("completion", "zsh").Out, StringComparison.Ordinal);
        Assert.Contains("complete -c etcsync", CommandLine.Run("completion", "fish").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("\u001b]0;title\u0007", "\\x1b]0;title\\x07")]
    [InlineData("a\nb", "a\\x0ab")]
    [InlineData("\u202etxt", "\\u202etxt")]
    [InlineData("caf\u00e9 \U0001F600", "caf\u00e9 \U0001F600")]
    public void Printable_shows_what_a_terminal_would_obey(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void Printable_shows_bytes_that_are_no_letters() => Assert.Equal("\\xff.conf", Printable.Of(EtcSync.Core.Git.GitName.Decode([0xff, .. ".conf"u8])));
}
