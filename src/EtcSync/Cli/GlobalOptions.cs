using System.CommandLine;

namespace EtcSync.Cli;

/// <summary>Options that mean the same for every command. One set per command tree: a symbol remembers its parents.</summary>
internal sealed class GlobalOptions
{
    public GlobalOptions() => Root.Validators.Add(result =>
    {
        // A shell variable that is not set must not turn a sandbox into the machine itself.
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError("'--root' needs the name of a directory.");
    });

    /// <summary>The sandbox.</summary>
    public Option<string?> Root { get; } = new("--root")
    {
        Description = "Work in a sandbox: every absolute path, of the configuration too, lies below this directory.",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>JSON instead of text.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON, in the shape that docs/cli.md describes." };

    /// <summary>No colour.</summary>
    public Option<bool> NoColor { get; } = new("--no-color") { Description = "Print without colour; so does the environment variable NO_COLOR.", Recursive = true };

    /// <summary>Details of errors.</summary>
    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Print the details of an error.", Recursive = true };
}
