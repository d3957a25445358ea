using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Policies;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client': the inventory.</summary>
internal static class ClientCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var list = new Command("list", "List the clients of the inventory.") { host.Options.Json };
        host.Handle(list, (session, _, _) => List(session));
        var name = host.ClientName();
        var show = new Command("show", "Show one client: addresses, groups, rollout, identity, and where its clone is.") { name, host.Options.Json };
        host.Handle(show, (session, parse, _) => Show(session, parse.GetRequiredValue(name)));
        return new Command("client", "List, show, add, change, rename, import and remove clients.")
        {
            list, show, ClientAddCommand.Create(host), ClientSetCommand.Create(host), ClientRenameCommand.Create(host), ClientRenameCommand.CreateBooted(host), ClientImportCommand.Create(host), ClientRemoveCommand.Create(host),
        };
    }

    /// <summary>A client in the shape of docs/cli.md.</summary>
    public static ClientJson Json(Session session, Client client)
    {
        var workspace = session.Workspace;
        var rollout = workspace.Configuration.Policies.ForClient(client);
        var identity = workspace.Configuration.Policies.IdentityOf(client, workspace.Settings.Identity);
        var directory = workspace.State.GitDirectory(client.Name);
        var former = new FormerStore(workspace.State).Find(client.Name);
        return new(
            client.Name.Value,
            [.. client.Macs.Select(mac => mac.ToString())],
            client.Address?.ToString(),
            [.. client.Groups.Select(group => group.Value)],
            new(RolloutReader.Modes.First(mode => mode.Value == rollout.Mode).Word, rollout.Cron, rollout.TimeZone, rollout.Source?.ToString()),
            new(
                IdentityReader.MachineIds.First(word => word.Value == identity.MachineId).Word,
                IdentityReader.SshHostKeys.First(word => word.Value == identity.SshHostKeys).Word,
                IdentityReader.Hostnames.First(word => word.Value == identity.Hostname).Word),
            workspace.CloneOf(client.Name),
            directory,
            ClientRepository.Exists(directory),
            new HoldStore(workspace.State).Find(client.Name)?.Reason,
            [.. client.Addresses.Select(address => address.ToString())],
            [.. former.Names.Select(name => name.Value)],
            [.. former.Addresses.Select(address => address.ToString())]);
    }

    /// <summary>When it takes what upstream commits, in words.</summary>
    public static string Describe(RolloutJson rollout) => rollout.Mode switch
    {
        "schedule" => $"by schedule, {rollout.Cron}{(rollout.TimeZone is { } zone ? $" {zone}" : "")}",
        "manual" => "when a person says so",
        _ => "at once",
    };

    private static int List(Session session)
    {
        List<ClientJson> clients = [.. session.Select(Array.Empty<string>()).Select(client => Json(session, client))];
        if (session.IsJson) session.Out.Json(new(CliJson.Version, clients), CliJson.Shapes.ClientListJson);
        else if (clients.Count == 0) session.Out.Line(session.NoClients);
        else session.Out.Table(["CLIENT", "MAC", "IP", "GROUPS", "ROLLOUT", "CLONE"], [.. clients.Select(Row)]);
        return ExitCode.InOrder;
    }

    private static Cell[] Row(ClientJson client) =>
    [
        client.Name,
        string.Join(", ", client.Macs),
        client.Ips.Count == 0 ? "dynamic" : string.Join(", ", client.Ips),
        client.Groups.Count == 0 ? "-" : string.Join(", ", client.Groups),
        Describe(client.Rollout),
        client.HasClone ? client.WorkTree : new Cell("none yet", Tint.Notice),
    ];

    private static int Show(Session session, string name)
    {
        var client = Json(session, session.Select(name));
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, client), CliJson.Shapes.ClientShowJson);
            return ExitCode.InOrder;
        }

        session.Out.Table(["CLIENT", client.Name],
        [
            ["mac", string.Join(", ", client.Macs)],
            ["ip", client.Ips.Count == 0 ? "dynamic (what DHCP gives it)" : string.Join(", ", client.Ips)],
            ["until it boots", client.FormerNames.Count + client.FormerIps.Count == 0 ? "-" : $"also {string.Join(", ", client.FormerNames.Concat(client.FormerIps))}"],
            ["groups", client.Groups.Count == 0 ? "-" : string.Join(", ", client.Groups)],
            ["rollout", $"{Describe(client.Rollout)}{(client.Rollout.Rule is { } rule ? $" (by {rule})" : "")}"],
            ["identity", $"machine-id: {client.Identity.MachineId}, ssh-host-keys: {client.Identity.SshHostKeys}, hostname: {client.Identity.Hostname}"],
            ["clone", client.HasClone ? client.WorkTree : $"{client.WorkTree} (not made yet)"],
            ["git directory", client.GitDirectory],
            ["held", client.Hold ?? "no"],
        ]);
        return ExitCode.InOrder;
    }
}
