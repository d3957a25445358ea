using EtcSync.Core.Server;
using EtcSync.Server;

namespace EtcSync.Cli;

/// <summary>Brings the server's files up to date at the end of a command that changed the inventory.</summary>
internal static class ServerTurn
{
    /// <summary>Applies what has become due, where the server's files were written before; the first time is for 'server apply', which asks.</summary>
    /// <returns>The plan, and what came of it as an exit code.</returns>
    public static (ServerPlan Plan, int Code) Run(Session session, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        if (new InstalledStore(new(workspace.State)).Read().IsEmpty)
        {
            var plan = ServerPlanner.Plan(ServerObserver.Observe(workspace), ServerParts.Files);
            if (!plan.Changes.IsEmpty || plan.IsRefused) session.Out.Line($"Exports, addresses, names and boot files are not EtcSync's yet: '{session.Next("server plan")}' shows what they would be, '{session.Next("server apply")}' writes them for the first time.", Tint.Notice);
            return (plan, ExitCode.InOrder);
        }

        var outcome = new ServerApplier(workspace).Run(_ => true, cancellation);
        ServerReport.Findings(session.Error, outcome.All);
        if (!outcome.Done.IsEmpty) session.Out.Line($"Changed for that: {string.Join(", ", outcome.Done.Select(change => change.Path))}.");
        if (outcome.IsFailed) session.Error.Line($"Not all of the server's files follow. Put right what is said above, then '{session.Next("server apply")}'.", Tint.Bad);
        return (outcome.Plan, ServerReport.CodeOf(outcome.All));
    }
}
