using System.Text.Json;
using EtcSync.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

/// <summary>What a run of the program printed and returned.</summary>
internal sealed record Answer(int Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>Runs the program's command tree in this process.</summary>
internal static class CommandLine
{
    /// <summary>Runs it in a cluster's sandbox.</summary>
    public static Answer Cli(this Cluster cluster, params string[] arguments) => Run(["--root", cluster.Root, .. arguments]);

    public static Answer Run(params string[] arguments) => Run(terminal => terminal, arguments);

    public static Answer Run(Func<Terminal, Terminal> change, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = change(new Terminal { Out = output, Error = error, In = TextReader.Null, User = "tester" });
        var code = Application.Run(arguments, terminal, TimeProvider.System);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Every file below a directory with its content, but those whose path holds one of the words.</summary>
    public static string Fingerprint(string directory, params string[] except) => string.Join('\n', Tool.Run("find", directory, "-printf", "%P %y %m %s %l %T@\\n").Split('\n')
        .Where(line => !except.Any(word => line.Contains(word, StringComparison.Ordinal))).Order(StringComparer.Ordinal));
}
