using System.CommandLine;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Doctor;
using EtcSync.Core.Policies;
using EtcSync.Doctor;
using EtcSync.Fleet;
using EtcSync.Inventories;
using EtcSync.Presence;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client add'.</summary>
internal static class ClientAddCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var name = new Argument<string>("NAME") { Description = "Its host name: a-z, 0-9 and '-', at most 63 of them." };
        var macs = new Option<string[]>("--mac") { Description = "The MAC address of its network card; once for each card.", HelpName = "ADDRESS" };
        var discovered = new Option<string?>("--from-discovered") { Description = "The MAC address of a machine that asked dnsmasq for an address, as 'discover' lists it.", HelpName = "ADDRESS" };
        var ips = new Option<string[]>("--ip") { Description = "Its address, one of IPv4, one of IPv6, or one of each; without one, a free address of the network.", HelpName = "ADDRESS" };
        var groups = new Option<string[]>("--group") { Description = "A group that it is in; once for each, in the order in which their layers apply.", HelpName = "GROUP" };
        var command = new Command("add", "Add a client: to the inventory, with its clone, and with all that the server has to give it.") { name, macs, discovered, ips, groups };
        host.Handle(command, (session, parse, cancellation) =>
            Run(session, Parse(session, parse.GetRequiredValue(name), parse.GetValue(macs) ?? [], parse.GetValue(discovered), parse.GetValue(ips) ?? [], parse.GetValue(groups) ?? []), cancellation));
        return command;
    }

    private static Client Parse(Session session, string name, string[] macs, string? discovered, string[] ips, string[] groups)
    {
        if (macs.Length == 0 && discovered is null) throw new UserErrorException("Say which network card it has: --mac ADDRESS, or --from-discovered ADDRESS for a machine that 'etcsync discover' lists.");
        var words = new ClientWords();
        var seen = words.Macs(discovered is null ? [] : [discovered]);
        var client = new Client(words.Name(name), [.. seen.Union(words.Macs(macs))], words.Addresses(ips), words.Groups(groups), null, IdentityOverrides.None);
        words.Check();
        foreach (var mac in seen.Where(mac => !HasAsked(session.Workspace, mac))) throw new UserErrorException($"No machine with the network card {mac} has asked for an address lately. 'etcsync discover' lists those that have; --mac takes any.");
        return client;
    }

    private static bool HasAsked(Workspace workspace, MacAddress mac) =>
        new PresenceReader(workspace).Tables().Leases.Any(lease => lease.Mac == mac)
        || new BootLogReader(workspace.Locations, workspace.Time).Read().Events.Any(logged => logged is BootEvent.Asked asked && asked.Mac == mac || logged is BootEvent.Given given && given.Mac == mac || logged is BootEvent.Refused refused && refused.Mac == mac);

    private static int Run(Session session, Client client, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var use = AddressesInUse.Look(workspace, client.Macs, client.Name);
        Refuse(use, client, new FormerStore(workspace.State));
        var file = new InventoryFile(workspace);
        var edited = file.Edit(session.Author(), $"client add {client.Name}", (name, text) => InventoryEditor.Add(name, text, WithAddress(workspace.Settings, use, name, text, client)), cancellation);
        if (edited.Value is not { } configuration) throw new UserErrorException($"The client was not added.\n{string.Join('\n', edited.Problems)}");
        if (file.HistoryProblem is { } problem) session.Error.Line("warning: ", Tint.Notice, problem);

        var added = session.With(configuration);
        var made = configuration.Inventory.Find(client.Name)!;
        var json = ClientCommand.Json(added, made);
        session.Out.Line($"{client.Name} was added{(client.Addresses.IsEmpty && made.Address is { } picked ? $" and has {picked}, which was free" : "")}.", Tint.Good);
        session.Out.Line($"Its /etc is {json.WorkTree}: upstream{(json.Groups.Count > 0 ? $" with {string.Join(", ", json.Groups.Select(group => "group/" + group))}" : "")}, {Identity(json)}.");
        var layers = workspace.Hub.Layers();
        foreach (var group in json.Groups.Where(group => !layers.ContainsKey(group))) session.Out.Line($"group/{group} has no layer yet, so it changes nothing so far.");
        if (json.HasClone) session.Out.Line($"A client of this name had a clone before; it is used again with its branch ({json.GitDirectory}).", Tint.Notice);
        foreach (var address in client.Addresses) if (use.HolderOf(address) is { } holder) session.Error.Line("note: ", Tint.Notice, $"{address} {holder}.");
        return new Arrival(added).Run([made], cancellation);
    }

    // The client with a free address, where it has none.
    private static Client WithAddress(Settings settings, AddressesInUse use, string name, string text, Client client) =>
        client.Addresses.IsEmpty && Inventory.Load(name, text).Value is { } inventory ? client with { Addresses = use.Pick(settings, inventory, [], 1) } : client;

    /// <summary>Refuses what another client may still be running with.</summary>
    /// <exception cref="UserErrorException">It is so.</exception>
    public static void Refuse(AddressesInUse use, Client client, FormerStore formers)
    {
        if (client.Addresses.FirstOrDefault(use.IsFormer) is { } address) throw new UserErrorException($"The address {address} {use.HolderOf(address)}.");
        RefuseFormerName(client.Name, client.Name, formers);
    }

    /// <summary>Refuses a name that another client may still be running with.</summary>
    /// <exception cref="UserErrorException">It is so.</exception>
    public static void RefuseFormerName(ClientName wanted, ClientName self, FormerStore formers)
    {
        if (formers.All().FirstOrDefault(former => former.Name != self && former.Names.Contains(wanted)) is { } other)
            throw new UserErrorException($"{wanted} is what {other.Name} was called, and it may be running with that name until it boots. 'etcsync client booted {other.Name}' says that it has booted.");
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
