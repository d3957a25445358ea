using System.CommandLine;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.State;

namespace EtcSync.Cli;

/// <summary>What a command is built with: the terminal, the clock, the global options, and the wrapper around its work.</summary>
internal sealed class CommandHost(Terminal terminal, TimeProvider time)
{
    /// <summary>The options of every command.</summary>
    public GlobalOptions Options { get; } = new();

    /// <summary>The streams.</summary>
    public Terminal Terminal => terminal;

    /// <summary>Gives a command its work. Whatever goes wrong becomes a sentence on standard error and exit code 1.</summary>
    public void Handle(Command command, Func<Session, ParseResult, CancellationToken, int> work) =>
        command.SetAction((parse, cancellation) => Task.FromResult(Guarded(parse, work, cancellation)));

    /// <summary>The same for a command that waits.</summary>
    public void Handle(Command command, Func<Session, ParseResult, CancellationToken, Task<int>> work) => command.SetAction(async (parse, cancellation) =>
    {
        var session = new Session(terminal, Options, parse, time);
        try
        {
            return await work(session, parse, cancellation);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Report(session, e);
        }
    });

    /// <summary>An argument for the names of clients, which complete from the inventory.</summary>
    public Argument<string[]> ClientNames(ArgumentArity arity)
    {
        var names = new Argument<string[]>("CLIENT")
        {
            Description = arity.MinimumNumberOfValues == 0 ? "Names of clients; all of them where none is named." : "Names of clients.",
            Arity = arity,
        };
        names.CompletionSources.Add(context => Known(context.ParseResult));
        return names;
    }

    /// <summary>An argument for the name of one client, which completes from the inventory.</summary>
    public Argument<string> ClientName(string description = "The name of a client.")
    {
        var name = new Argument<string>("CLIENT") { Description = description };
        name.CompletionSources.Add(context => Known(context.ParseResult));
        return name;
    }

    /// <summary>An option that names clients, each by itself, which complete from the inventory.</summary>
    public Option<string[]> ClientOption(string description)
    {
        var names = new Option<string[]>("--client") { Description = description, HelpName = "NAME" };
        names.CompletionSources.Add(context => Known(context.ParseResult));
        return names;
    }

    private int Guarded(ParseResult parse, Func<Session, ParseResult, CancellationToken, int> work, CancellationToken cancellation)
    {
        var session = new Session(terminal, Options, parse, time);
        try
        {
            var code = work(session, parse, cancellation);
            if (session.Unchecked is { } reason) session.Error.Line("warning: ", Tint.Notice, reason);
            return code;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Report(session, e);
        }
    }

    // The program's boundary: a stack trace tells an administrator nothing.
    private static int Report(Session session, Exception e)
    {
        switch (e)
        {
            case UserErrorException:
                session.Error.Lines(session.Locations.Pasteable(e.Message), Tint.Bad);
                return ExitCode.Failed;
            case OperationCanceledException:
                session.Error.Line("Interrupted. Clients that were begun were finished; the others are as they were.", Tint.Bad);
                return ExitCode.Failed;
            default:
                session.Error.Lines(session.Locations.Pasteable(ClientSync.Describe(e)), Tint.Bad);
                if (session.IsVerbose) session.Error.Lines(e.ToString(), Tint.Faint);
                else if (e is not (IOException or UnauthorizedAccessException)) session.Error.Line("--verbose shows the details.", Tint.Faint);
                return ExitCode.Failed;
        }
    }

    private IEnumerable<string> Known(ParseResult? parse)
    {
        try
        {
            var locations = new Locations(parse?.GetValue(Options.Root) ?? "");
            return File.Exists(locations.InventoryFile) && Inventory.Load("", File.ReadAllText(locations.InventoryFile)).Value is { } inventory
                ? inventory.Clients.Select(client => client.Name.Value)
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // Somebody is typing: a message now would land in the middle of the line.
            return [];
        }
    }
}
