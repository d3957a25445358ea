using EtcSync.Cli;

namespace EtcSync.Tests.Fixtures;

/// <summary>What a run of the program gave.</summary>
internal sealed record CommandOutput(int Code, string Out, string Error);

/// <summary>Runs the program inside the tests' process.</summary>
internal static class CommandLine
{
    public static CommandOutput Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Application.Run(arguments, new() { Out = output, Error = error, In = TextReader.Null, Width = 300, User = "ada" }, TimeProvider.System);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs it on a cluster, and expects that it is in order.</summary>
    public static CommandOutput InOrder(Cluster cluster, params string[] arguments)
    {
        var result = On(cluster, arguments);
        Assert.True(result.Code == 0, $"etcsync {string.Join(' ', arguments)} returned {result.Code}:\n{result.Error}{result.Out}");
        return result;
    }

    public static CommandOutput On(Cluster cluster, params string[] arguments) => Run(["--root", cluster.Root, .. arguments]);
}
