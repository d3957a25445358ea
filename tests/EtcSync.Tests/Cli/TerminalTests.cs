using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("sync --help")]
    [InlineData("client list")]
    [InlineData("client list --no-color")]
    public void Program_on_a_terminal_sends_no_keypad_sequence(string command)
    {
        using var cluster = new Cluster(["pc01"]);
        var program = Path.Combine(AppContext.BaseDirectory, "etcsync");

        // script(1) gives the program a terminal of its own.
        var shown = Tool.Try("timeout", "60", "script", "-qec", $"{program} --root {cluster.Root} {command}", "/dev/null");

        Assert.True(shown.Code == 0, shown.Output + shown.Error);
        Assert.NotEmpty(shown.Output);
        Assert.DoesNotContain("\e[?1h", shown.Output, StringComparison.Ordinal);
        if (command.Contains("--no-color", StringComparison.Ordinal)) Assert.DoesNotContain("\e", shown.Output, StringComparison.Ordinal);
    }
}
