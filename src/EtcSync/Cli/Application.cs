using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using EtcSync.Core.Configuration;

namespace EtcSync.Cli;

/// <summary>The program: parses the command line and runs the command.</summary>
internal static class Application
{
    // The client in hand is finished after Ctrl-C; what takes longer than this is left to the next run's recovery.
    private static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(30);

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, TimeProvider time)
    {
        var host = new CommandHost(terminal, time);
        var root = CommandTree.Create(host);
        var parse = root.Parse(arguments, new() { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction) return Explain(parse, terminal);
        if (MistypedOption(parse) is { } option)
        {
            terminal.Error.WriteLine(Printable.Of(Unknown(parse.CommandResult.Command, NameOf(parse), option)));
            terminal.Error.WriteLine($"'{NameOf(parse)} --help' explains it.");
            return ExitCode.Failed;
        }

        return parse.InvokeAsync(new()
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationLimit,
        }).GetAwaiter().GetResult();
    }

    private static int Explain(ParseResult parse, Terminal terminal)
    {
        var command = parse.CommandResult.Command;
        var name = NameOf(parse);
        if (parse.UnmatchedTokens is [var token, ..])
        {
            terminal.Error.WriteLine(Printable.Of(Unknown(command, name, token)));
        }
        else if (command.Subcommands.Count > 0 && command.Action is null)
        {
            // A command that only groups others was called without one of them.
            command.Parse("--help").Invoke(new() { Output = terminal.Error, Error = terminal.Error });
            return ExitCode.Failed;
        }
        else
        {
            foreach (var error in parse.Errors) terminal.Error.WriteLine(Printable.Of(error.Message));
        }

        terminal.Error.WriteLine($"'{name} --help' explains it.");
        return ExitCode.Failed;
    }

    // The parser takes an option that it does not know for an argument where one is allowed.
    private static string? MistypedOption(ParseResult parse)
    {
        if (parse.Tokens.Any(token => token.Type == TokenType.DoubleDash)) return null;
        return parse.CommandResult.Children.OfType<ArgumentResult>().Where(argument => !argument.Argument.CaptureRemainingTokens)
            .SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(token => token.StartsWith('-') && token.Length > 1);
    }

    private static string Unknown(Command command, string name, string token)
    {
        if (token.StartsWith('-') && token.Length > 1)
        {
            var options = OptionsOf(command).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(option => option.StartsWith("--", StringComparison.Ordinal)).ToList();
            return $"'{name}' has no option {Quoted.Text(token)}.{DidYouMean(token, options)}";
        }

        return command.Subcommands.Count > 0
            ? $"'{name}' has no command {Quoted.Text(token)}.{DidYouMean(token, [.. command.Subcommands.Select(sub => sub.Name)])}"
            : $"'{name}' does not know what to do with {Quoted.Text(token)}.";
    }

    private static IEnumerable<Option> OptionsOf(Command command)
    {
        IEnumerable<Option> own = command.Options;
        return own.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive));
    }

    private static string DidYouMean(string word, List<string> candidates) => Suggestion.For(word, candidates) is { } near ? $" Did you mean '{near}'?" : "";

    private static string NameOf(ParseResult parse)
    {
        var names = new Stack<string>();
        for (var result = parse.CommandResult; result is not null; result = result.Parent as CommandResult) names.Push(result.Command is RootCommand ? "etcsync" : result.Command.Name);
        return string.Join(' ', names);
    }
}
