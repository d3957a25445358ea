using System.CommandLine;
using EtcSync.Core.Clients;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync hold' and 'etcsync resume': clients, or the whole fleet, do not move until a person says so.</summary>
internal static class HoldCommand
{
    /// <summary>Builds 'hold'.</summary>
    public static Command CreateHold(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        clients.Description = "Names of clients.";
        var all = new Option<bool>("--all") { Description = "Hold the whole fleet, also clients that are added later." };
        var reason = new Option<string?>("--reason") { Description = "Why, for those who see it.", HelpName = "TEXT" };
        var command = new Command("hold", "Stop clients from moving: nothing is committed, merged or written until 'resume'.") { clients, all, reason };
        host.Handle(command, (session, parse, _) => Hold(session, Chosen(session, parse.GetValue(clients) ?? [], parse.GetValue(all), "hold"), parse.GetValue(reason)));
        return command;
    }

    /// <summary>Builds 'resume'.</summary>
    public static Command CreateResume(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        clients.Description = "Names of clients.";
        var all = new Option<bool>("--all") { Description = "Let the fleet go after 'hold --all'; clients that were held by name stay held." };
        var command = new Command("resume", "Let clients move again.") { clients, all };
        host.Handle(command, (session, parse, cancellation) => Resume(session, Chosen(session, parse.GetValue(clients) ?? [], parse.GetValue(all), "resume"), cancellation));
        return command;
    }

    // No name stands for the fleet.
    private static List<ClientName?> Chosen(Session session, string[] names, bool all, string command)
    {
        if (all && names.Length > 0) throw new UserErrorException($"--all is the whole fleet: name the clients or say --all, not both. '{session.Next($"{command} {string.Join(' ', names)}")}' is for the named ones, '{session.Next($"{command} --all")}' for the fleet.");
        if (!all && names.Length == 0) throw new UserErrorException($"Name the clients, or say --all for the whole fleet: '{session.Next($"{command} CLIENT…")}' or '{session.Next($"{command} --all")}'.");
        return all ? [null] : [.. session.Select(names).Select(client => (ClientName?)client.Name)];
    }

    private static int Hold(Session session, List<ClientName?> chosen, string? reason)
    {
        var holds = Holds(session.Workspace);
        var why = string.IsNullOrWhiteSpace(reason) ? NoReason(session.Terminal.User) : reason.Trim();
        foreach (var client in chosen)
        {
            var before = holds.Own(client);
            var earlier = before is null ? "" : $"{before.By} has held it since {before.Since:yyyy-MM-dd HH:mm}{Why(before)}";
            if (before is not null && string.IsNullOrWhiteSpace(reason))
            {
                session.Out.Line($"{Named(client)} is held already: {earlier}. That stays; --reason gives another reason.");
                continue;
            }

            if (before is not null) session.Error.Line("note: ", Tint.Notice, $"{Named(client)}: {earlier}; the new reason takes the place of that one.");
            holds.Set(client, new(why, session.Terminal.User, session.Time.GetLocalNow()));
            session.Out.Line($"{Named(client)} is held{(why == reason?.Trim() ? $" ({why})" : "")}. '{session.Next($"resume {client?.Value ?? "--all"}")}' lets it go.");
        }

        return ExitCode.InOrder;
    }

    private static int Resume(Session session, List<ClientName?> chosen, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var holds = Holds(workspace);
        var others = new List<string>();
        foreach (var client in chosen)
        {
            var removed = holds.Remove(client);
            session.Out.Line(removed ? $"{Named(client)} moves again." : $"{Named(client)} was not held{(client is null ? " as a whole" : " by name")}.");
            if (!removed && client is { } name) others.Add(name.Value);
        }

        if (others.Count > 0 && Elsewise(session, others, cancellation) && holds.Fleet is null) return ExitCode.PersonNeeded;

        if (holds.Fleet is { } fleet)
        {
            session.Error.Line("held: ", Tint.Notice, $"The whole fleet still is, by {fleet.By}{Why(fleet)}. '{session.Next("resume --all")}' lets it go.");
            return ExitCode.PersonNeeded;
        }

        if (!chosen.Contains(null)) return ExitCode.InOrder;
        var held = workspace.Configuration.Inventory.Clients.Where(client => holds.Find(client.Name) is not null).Select(client => client.Name.Value).ToList();
        if (held.Count > 0) session.Error.Line("held: ", Tint.Notice, $"{string.Join(", ", held)} still {(held.Count == 1 ? "is" : "are")}, by name. '{session.Next($"resume {string.Join(' ', held)}")}' lets {(held.Count == 1 ? "it" : "them")} go too.");
        return ExitCode.InOrder;
    }

    // What no person holds may be held all the same, by what is wrong with it; the reason says what to do then.
    private static bool Elsewise(Session session, List<string> names, CancellationToken cancellation)
    {
        var held = FleetView.Of(session, names, cancellation).Previews.Where(preview => (preview.Plan?.Held ?? preview.Problem) is not null).ToList();
        foreach (var preview in held) session.Error.Line($"{preview.Client.Name} does not move for another reason: ", Tint.Bad, (preview.Plan?.Held ?? preview.Problem)!);
        return held.Count > 0;
    }

    private static HoldStore Holds(Workspace workspace)
    {
        workspace.State.Prepare();
        return new(workspace.State);
    }

    private static string NoReason(string user) => $"{user} holds it.";

    /// <summary>The reason behind the name of who holds it; nothing where it only says that name again.</summary>
    public static string Why(Hold hold) => hold.Reason == NoReason(hold.By) ? "" : $" ({hold.Reason.TrimEnd('.')})";

    private static string Named(ClientName? client) => client?.Value ?? "The whole fleet";
}
