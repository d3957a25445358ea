using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Overrides;
using EtcSync.Fleet;
using EtcSync.Overrides;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync override drop': gives a client upstream's version again.</summary>
internal static class OverrideCommand
{
    private const int MostNamed = 5;

    /// <summary>Builds the command and what is below it.</summary>
    public static Command Create(CommandHost host) => new("override", "Work on what a client has of its own.") { Drop(host) };

    private static Command Drop(CommandHost host)
    {
        var client = host.ClientName();
        var paths = new Argument<string[]>("PATH") { Description = "Files and directories, relative to /etc.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("drop", "Give a client the version of upstream and its layers again, mode and owner included. Its own stays in the history of its branch.") { client, paths, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(client), parse.GetRequiredValue(paths), cancellation));
        return command;
    }

    private static int Run(Session session, string name, string[] arguments, CancellationToken cancellation)
    {
        var client = session.Select(name);
        var wanted = arguments.Select(EtcPath.Parse).ToList();
        if (!ClientRepository.Exists(session.Workspace.State.GitDirectory(client.Name))) throw new UserErrorException($"{name} has no clone yet. '{session.Next($"sync {name}")}' makes it.");
        // What the client wrote since becomes a commit first: then it can be dropped, and is not lost.
        var target = new FleetObserver(session.Workspace).Take([client], acceptRewrite: false, cancellation);
        var before = SyncReport.Run(session, [client], target, SyncRequest.Now, cancellation)[0];
        if (before.Kind is not (OutcomeKind.Unchanged or OutcomeKind.Synced or OutcomeKind.Conflicted))
        {
            session.Error.Line($"{name} is {Words.Of(before.Kind)}, so nothing was dropped: ", Tint.Bad, before.Reason ?? "it could not be synced first.");
            return before.Kind == OutcomeKind.Held ? ExitCode.PersonNeeded : ExitCode.Failed;
        }

        var author = new Signature(session.Terminal.User, $"{session.Terminal.User}@{Environment.MachineName}", session.Time.GetLocalNow());
        var drop = new OverrideDropper(session.Workspace).Drop(client, wanted, author);
        var after = drop.Dropped.IsEmpty ? null : SyncReport.Run(session, [client], target, SyncRequest.Now, cancellation)[0];
        if (session.IsJson) session.Out.Json(Json(name, drop, after), CliJson.Shapes.OverrideDropJson);
        else Print(session, name, drop, after);
        if (after?.Kind is OutcomeKind.Failed or OutcomeKind.Deferred) return ExitCode.Failed;
        return drop.Refused.IsEmpty && after?.Kind is not OutcomeKind.Held ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    private static void Print(Session session, string name, OverrideDrop drop, ClientOutcome? after)
    {
        foreach (var refusal in drop.Refused) session.Error.Line($"{refusal.Path} stays: ", Tint.Bad, refusal.Reason);
        if (after is null)
        {
            if (drop.Refused.IsEmpty) session.Out.Line($"{name} has no overrides there; nothing was changed.");
            return;
        }

        var contents = drop.Dropped.Contents.Select(change => change.Path.Value).ToList();
        var attributes = drop.Dropped.Attributes.Except(contents, StringComparer.Ordinal).ToList();
        if (contents.Count > 0) session.Out.Line($"{name} has upstream's version again of ", Tint.Good, Words.Some(contents, MostNamed));
        if (attributes.Count > 0) session.Out.Line($"{name} has upstream's mode and owner again of ", Tint.Good, Words.Some(attributes, MostNamed));
        if (after.Kind is not (OutcomeKind.Synced or OutcomeKind.Unchanged or OutcomeKind.Conflicted)) session.Error.Line($"It is on the branch and not yet in {session.Workspace.CloneOf(after.Client)}: ", Tint.Notice, after.Reason ?? "the next sync brings it.");
        else session.Out.Line($"What it had before is in '{session.Next($"log {name}")}'.", Tint.Faint);
    }

    private static OverrideDropJson Json(string name, OverrideDrop drop, ClientOutcome? after) => new(
        CliJson.Version,
        name,
        [.. drop.Dropped.Contents.Select(change => change.Path.Value)],
        drop.Dropped.Attributes,
        [.. drop.Refused.Select(refusal => new OverrideRefusalJson(refusal.Path.Value, refusal.Reason))],
        after is null ? null : Words.Of(after.Kind),
        after?.Reason);
}
