using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Inventories;
using EtcSync.Inventories;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client set': another mainboard, another address, other groups.</summary>
internal static class ClientSetCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var name = host.ClientName();
        var macs = new Option<string[]>("--mac") { Description = "The MAC address of its network card, in the place of all that it had; once for each card.", HelpName = "ADDRESS" };
        var more = new Option<string[]>("--add-mac") { Description = "A further network card.", HelpName = "ADDRESS" };
        var fewer = new Option<string[]>("--remove-mac") { Description = "A network card that it no longer has.", HelpName = "ADDRESS" };
        var ips = new Option<string[]>("--ip") { Description = "Its address, in the place of those that it had; one of IPv4, one of IPv6, or one of each.", HelpName = "ADDRESS" };
        var groups = new Option<string[]>("--group") { Description = "A group that it is in, in the place of those that it was in; once for each, in the order in which their layers apply.", HelpName = "GROUP" };
        var none = new Option<bool>("--no-group") { Description = "It is in no group." };
        var command = new Command("set", "Change a client's network cards, addresses or groups. It may be running: its old address stays exported until it boots.") { name, macs, more, fewer, ips, groups, none };
        host.Handle(command, (session, parse, cancellation) =>
        {
            var words = new ClientWords();
            var change = new Change(words.Macs(parse.GetValue(macs) ?? []), words.Macs(parse.GetValue(more) ?? []), words.Macs(parse.GetValue(fewer) ?? []), words.Addresses(parse.GetValue(ips) ?? []), parse.GetValue(none) ? [] : parse.GetValue(groups) is { Length: > 0 } wanted ? words.Groups(wanted) : null);
            words.Check();
            if (parse.GetValue(none) && parse.GetValue(groups) is { Length: > 0 }) throw new UserErrorException("--group and --no-group contradict each other; give one of them.");
            return Run(session, session.Select(parse.GetRequiredValue(name)), change, cancellation);
        });
        return command;
    }

    private static int Run(Session session, Client selected, Change change, CancellationToken cancellation)
    {
        if (change.IsNothing) throw new UserErrorException($"Say what is to change: --mac, --add-mac, --remove-mac, --ip, --group or --no-group. 'etcsync client show {selected.Name}' shows what it has.");
        var workspace = session.Workspace;
        var formers = new FormerStore(workspace.State);
        var wanted = change.Of(selected);
        ClientAddCommand.Refuse(AddressesInUse.Look(workspace, wanted.Macs, wanted.Name), wanted, formers);
        var before = workspace.Configuration.Inventory;
        var file = new InventoryFile(workspace);
        var edited = file.Edit(
            session.Author(),
            $"client set {selected.Name}",
            (name, text) =>
            {
                before = Inventory.Load(name, text).Value ?? before;
                return InventoryEditor.Set(name, text, change.Of(before.Find(selected.Name) ?? selected));
            },
            configuration =>
            {
                // Before the inventory says so: a running client must not lose what it has in between.
                if (before.Find(selected.Name) is not { } was || configuration.Inventory.Find(selected.Name) is not { } now) return;
                var former = formers.Find(was.Name);
                if (!was.Addresses.SequenceEqual(now.Addresses)) formers.Set(former.Changed(was, now, workspace.Time.GetUtcNow()));
            },
            cancellation);
        if (edited.Value is not { } configuration) throw new UserErrorException($"The client was not changed.\n{string.Join('\n', edited.Problems)}");
        if (file.HistoryProblem is { } problem) session.Error.Line("warning: ", Tint.Notice, problem);

        List<string> lines = [.. InventoryChange.Between(before, configuration.Inventory)];
        if (lines.Count == 0)
        {
            session.Out.Line($"{selected.Name} is like that already.");
            return ExitCode.InOrder;
        }

        foreach (var line in lines) session.Out.Line($"{line}.", Tint.Good);
        var (was, now) = (before.Find(selected.Name)!, configuration.Inventory.Find(selected.Name)!);
        var changed = session.With(configuration);
        var code = was.Groups.SequenceEqual(now.Groups) ? ServerTurn.Run(changed, cancellation).Code : new Arrival(changed).Run([now], cancellation);
        var gone = was.Addresses.Except(now.Addresses).ToList();
        if (gone.Count > 0) session.Out.Line($"If it is running, it goes on with {string.Join(" and ", gone)}, and its /etc stays exported there until it boots. '{session.Next($"client booted {now.Name}")}' ends that at once.", Tint.Faint);
        return code;
    }

    // What is to change; empty lists, and null, leave things as they are.
    private sealed record Change(ImmutableArray<MacAddress> Macs, ImmutableArray<MacAddress> MoreMacs, ImmutableArray<MacAddress> FewerMacs, ImmutableArray<IPAddress> Addresses, ImmutableArray<GroupName>? Groups)
    {
        public bool IsNothing => Macs.IsEmpty && MoreMacs.IsEmpty && FewerMacs.IsEmpty && Addresses.IsEmpty && Groups is null;

        public Client Of(Client client)
        {
            if (FewerMacs.Except(client.Macs).ToList() is { Count: > 0 } unknown) throw new UserErrorException($"{client.Name} has no network card {string.Join(", ", unknown)}. It has {string.Join(", ", client.Macs)}.");
            var macs = (Macs.IsEmpty ? client.Macs : Macs).Concat(MoreMacs).Distinct().Except(FewerMacs).ToImmutableArray();
            if (macs.IsEmpty) throw new UserErrorException($"{client.Name} would have no network card left, and could never be told from others when it boots. Add the new one with --add-mac, or give it with --mac.");
            return client with { Macs = macs, Addresses = Addresses.IsEmpty ? client.Addresses : Addresses, Groups = Groups ?? client.Groups };
        }
    }
}
