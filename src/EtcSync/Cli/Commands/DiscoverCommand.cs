using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Discovery;
using EtcSync.Dnsmasq;
using EtcSync.Doctor;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync discover': machines that asked dnsmasq for an address and are no clients yet.</summary>
internal static class DiscoverCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("discover", "List the machines that asked dnsmasq for an address and are not in the inventory.") { host.Options.Json };
        host.Handle(command, (session, _, _) => Run(session));
        return command;
    }

    private static int Run(Session session)
    {
        var workspace = session.Workspace;
        var (events, unreadable) = new BootLogReader(workspace.Locations, workspace.Time).Read();
        var machines = DiscoveredMachine.Find(workspace.Configuration.Inventory, events, LeaseFiles.Read(workspace.Locations));
        if (session.IsJson)
        {
            session.Out.Json(
                new(CliJson.Version, [.. machines.Select(machine => new DiscoveredMachineJson(machine.Mac.ToString(), machine.Asked, machine.Times, machine.IsBooting, machine.Address?.ToString(), machine.CallsItself))], unreadable),
                CliJson.Shapes.DiscoverJson);
            return ExitCode.InOrder;
        }

        if (unreadable is not null) session.Error.Line("warning: ", Tint.Notice, $"Machines that were given no address are not listed: {unreadable}");
        if (machines.IsEmpty)
        {
            session.Out.Line(unreadable is null ? "No machine asked for an address that is not in the inventory." : "No machine that is not in the inventory has a lease.");
            return ExitCode.InOrder;
        }

        session.Out.Table(["MAC", "ASKED", "TIMES", "FOR", "ADDRESS", "CALLS ITSELF"], [.. machines.Select(Row)]);
        session.Out.Line($"'{session.Next($"client add NAME --from-discovered {machines[0].Mac}")}' takes one in.");
        return ExitCode.InOrder;
    }

    private static Cell[] Row(DiscoveredMachine machine) =>
    [
        machine.Mac.ToString(),
        machine.Asked?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) ?? "-",
        machine.Times.ToString(System.Globalization.CultureInfo.InvariantCulture),
        machine.IsBooting ? "a network boot" : "an address",
        machine.Address?.ToString() ?? "-",
        machine.CallsItself ?? "-",
    ];
}
