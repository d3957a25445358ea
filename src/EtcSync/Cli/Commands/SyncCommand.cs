using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Drift;
using EtcSync.Fleet;
using EtcSync.Inventories;
using EtcSync.Server;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync sync': brings clients to where they should be, now.</summary>
internal static class SyncCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        var acceptDrift = new Option<bool>("--accept-drift") { Description = "The clients' files are as they should be although many are gone or old, or the work tree is gone or on another file system." };
        var rejectDrift = new Option<bool>("--reject-drift") { Description = "What the clients changed is not meant: commit it, so that nothing is lost, and put everything back." };
        var acceptRewrite = new Option<bool>("--accept-rewrite") { Description = "Roll upstream's history out although it was rewritten." };
        var command = new Command("sync", "Commit the drift of clients and merge upstream into them, now; make the clones that are missing.") { clients, acceptDrift, rejectDrift, acceptRewrite, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetValue(clients) ?? [],
            SyncRequest.Now with { Drift = Answer(parse.GetValue(clients) ?? [], parse.GetValue(acceptDrift), parse.GetValue(rejectDrift)) }, parse.GetValue(acceptRewrite), cancellation));
        return command;
    }

    private static DriftAnswer Answer(string[] names, bool accept, bool reject)
    {
        if (accept && reject) throw new UserErrorException("--accept-drift and --reject-drift contradict each other; give one of them.");
        if (reject && names.Length == 0) throw new UserErrorException("--reject-drift undoes what clients changed: name the clients for which that is meant.");
        return accept ? DriftAnswer.Accept : reject ? DriftAnswer.Reject : DriftAnswer.None;
    }

    private static int Run(Session session, string[] names, SyncRequest request, bool acceptRewrite, CancellationToken cancellation)
    {
        session = WithFinishedInventory(session, cancellation);
        var clients = session.Select(names);
        var target = new FleetObserver(session.Workspace).Take(clients, acceptRewrite, cancellation);
        var upstream = UpstreamReport.Of(session, target, cancellation);
        if (!session.IsJson) upstream.Print(session.Error);
        var outcomes = SyncReport.Run(session, clients, target, request, cancellation);
        cancellation.ThrowIfCancellationRequested();

        if (session.IsJson) session.Out.Json(new(CliJson.Version, upstream.Json(), upstream.LayerConflicts(), [.. outcomes.Select(SyncReport.Json)]), CliJson.Shapes.SyncJson);
        else SyncReport.Print(session, outcomes, target);
        if (outcomes.Any(outcome => outcome.FannedOut) && session.Locations.IsSandbox && !session.Terminal.IsRoot)
        {
            session.Error.Line("note: ", Tint.Notice, "You are not root, so the owners that upstream records are carried along in .etckeeper and not set on the files.");
        }

        return outcomes.Select(SyncReport.CodeOf).Aggregate(upstream.ExitCode, ExitCode.Worse);
    }

    // What a command was killed before: a running client whose clone has moved waits for its new export, and one that is gone still has its own.
    private static Session WithFinishedInventory(Session session, CancellationToken cancellation)
    {
        if (new ClientRenaming(session.Workspace).FinishInterrupted(cancellation) is { } finished)
        {
            session.Error.Line("note: ", Tint.Notice, "A client was being renamed when that was interrupted; that is finished now.");
            session = session.With(finished);
        }

        var state = new ServerState(session.Workspace.State);
        if (!state.IsDue || new InstalledStore(state).Read().IsEmpty) return session;
        session.Error.Line("note: ", Tint.Notice, "The inventory was changed, and the server's files have not followed; they follow now.");
        ServerReport.Findings(session.Error, new ServerApplier(session.Workspace).Run(_ => true, cancellation).All);
        return session;
    }
}
