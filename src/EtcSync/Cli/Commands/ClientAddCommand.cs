using System.CommandLine;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.Setup;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client add'.</summary>
internal static class ClientAddCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var name = new Argument<string>("NAME") { Description = "Its host name: a-z, 0-9 and '-', at most 63 of them." };
        var macs = new Option<string[]>("--mac") { Description = "The MAC address of its network card; once for each card.", HelpName = "ADDRESS", Required = true, Arity = ArgumentArity.OneOrMore };
        var ip = new Option<string?>("--ip") { Description = "Its IP address; without one, what DHCP gives it.", HelpName = "ADDRESS" };
        var groups = new Option<string[]>("--group") { Description = "A group that it is in; once for each, in the order in which their layers apply.", HelpName = "GROUP" };
        var command = new Command("add", "Add a client to the inventory. Its clone is made by the next sync.") { name, macs, ip, groups };
        host.Handle(command, (session, parse, cancellation) =>
            Run(session, Parse(parse.GetRequiredValue(name), parse.GetRequiredValue(macs), parse.GetValue(ip), parse.GetValue(groups) ?? []), cancellation));
        return command;
    }

    private static Client Parse(string name, string[] macs, string? ip, string[] groups)
    {
        var problems = new List<string>();
        if (!ClientName.TryParse(name, out var parsedName, out var reason)) problems.Add(reason);
        var parsedMacs = macs.Select(text => MacAddress.TryParse(text, out var mac, out var why) ? mac : Wrong<MacAddress>(why)).ToList();
        var address = ip is null ? null : HostAddress.TryParse(ip, out var parsed, out reason) ? parsed : Wrong<System.Net.IPAddress>(reason);
        var parsedGroups = groups.Select(text => GroupName.TryParse(text, out var group, out var why) ? group : Wrong<GroupName>(why)).ToList();
        if (problems.Count > 0) throw new UserErrorException(string.Join('\n', problems));
        return new(parsedName, [.. parsedMacs.Distinct()], address is null ? [] : [address], [.. parsedGroups.Distinct()], null, IdentityOverrides.None);

        T? Wrong<T>(string why)
        {
            problems.Add(why);
            return default;
        }
    }

    private static int Run(Session session, Client client, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var edited = new InventoryFile(workspace).Edit((file, text) => InventoryEditor.Add(file, text, client), cancellation);
        if (edited.Value is not { } configuration) throw new UserErrorException($"The client was not added.\n{string.Join('\n', edited.Problems)}");

        var added = session.With(configuration);
        var json = ClientCommand.Json(added, configuration.Inventory.Find(client.Name)!);
        session.Out.Line($"{client.Name} was added.", Tint.Good);
        session.Out.Line($"Its /etc will be {json.WorkTree}: upstream{(json.Groups.Count > 0 ? $" with {string.Join(", ", json.Groups.Select(group => "group/" + group))}" : "")}, {Identity(json)}.");
        var layers = workspace.Hub.Layers();
        foreach (var group in json.Groups.Where(group => !layers.ContainsKey(group))) session.Out.Line($"group/{group} has no layer yet, so it changes nothing so far.");
        if (json.HasClone) session.Out.Line($"A client of this name had a clone before; it is used again with its branch ({json.GitDirectory}).", Tint.Notice);
        var does = json.HasClone ? "brings it up to date" : "makes the clone";
        session.Out.Line(json.Rollout.Mode == "at-once"
            ? $"'{session.Next($"sync {client.Name}")}' {does} now; a controller that runs does it by itself."
            : $"'{session.Next($"sync {client.Name}")}' {does} now; a controller that runs does it {ClientCommand.Describe(json.Rollout)}.");
        return ExitCode.InOrder;
    }

    private static string Identity(Json.ClientJson client)
    {
        List<string> own = [];
        if (client.Identity.MachineId == "generate") own.Add("machine-id");
        if (client.Identity.SshHostKeys != "keep") own.Add(client.Identity.SshHostKeys == "generate" ? "SSH host keys (where upstream has some)" : "SSH host keys made at its first boot");
        if (client.Identity.Hostname == "write") own.Add("hostname");
        return own.Count == 0 ? "with upstream's identity" : $"with its own {string.Join(", ", own)}";
    }
}
