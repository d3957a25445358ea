using System.CommandLine;
using EtcSync.Controller;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync run': the controller, in the foreground; systemd runs it as a service.</summary>
internal static class RunCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("run", "Run the controller: watch upstream and the clients, and sync them as the policies say, until SIGTERM.");
        host.Handle(command, async (session, _, cancellation) =>
        {
            session.RequireRights();
            var result = await ControllerHost.RunAsync(session.Locations, session.Workspace.Configuration, cancellation);
            if (result.Problem is not { } problem) return ExitCode.InOrder;
            session.Error.Line(problem, Tint.Bad);
            return ExitCode.Failed;
        });
        return command;
    }
}
