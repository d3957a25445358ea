using System.CommandLine;
using EtcSync.Adoption;
using EtcSync.Cli.Json;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync adopt': takes a cluster over that was built by hand.</summary>
internal static class AdoptCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var apply = new Option<bool>("--apply") { Description = "Do it. Without this it is only shown, and nothing is written." };
        var keep = new Option<string[]>("--keep-identity") { Description = "A part of a client's identity that stays although others have it too, such as pc01:machine-id or pc01:ssh-host-keys; once for each.", HelpName = "NAME:PART" };
        var command = new Command("adopt", "Take over a cluster that was built by hand: read its exports, dnsmasq's files, hosts, boot files and clones, and show what is wrong and what would change.") { apply, keep, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetValue(apply), parse.GetValue(keep) ?? [], cancellation));
        return command;
    }

    private static int Run(Session session, bool isApplied, string[] kept, CancellationToken cancellation)
    {
        session.RequireRights();
        var parts = Parse(kept);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var observed = Adopter.Observe(session.Locations, session.Time, IsKept, cancellation);
        if (observed.Value is not { } adopter) throw new UserErrorException($"What was understood is no valid configuration; nothing was done.\n{string.Join('\n', observed.Problems)}");
        using (adopter)
        {
            var plan = adopter.Plan;
            if (parts.Where(part => !plan.Clones.Clones.Any(clone => clone.Client.Name == part.Client)).Select(part => part.Typed).ToList() is { Count: > 0 } unknown)
                throw new UserErrorException($"{string.Join(", ", unknown.Select(Quoted.Text))}: there is no such client. 'etcsync adopt' lists the clients and what they share.");
            foreach (var typed in parts.Select(part => part.Typed).Where(typed => !used.Contains(typed))) session.Error.Line("note: ", Tint.Notice, $"--keep-identity {typed} keeps nothing: the client shares no such thing with others.");
            if (!session.IsJson) AdoptReport.Print(session, plan);
            if (!isApplied || plan.Server.Plan.IsRefused || plan.IsEmpty) return Shown(session, plan, isApplied);
            var outcome = adopter.Apply(session.Author(), cancellation);
            if (session.IsJson) session.Out.Json(AdoptReport.Json(plan, outcome), CliJson.Shapes.AdoptJson);
            else Print(session, outcome);
            var clones = outcome.Clones.Select(SyncReport.CodeOf).Aggregate(plan.Refused.Any() || plan.Understood.Faults.Any(fault => fault.NeedsPerson) ? ExitCode.PersonNeeded : ExitCode.InOrder, ExitCode.Worse);
            return outcome.Server is null ? clones : ExitCode.Worse(clones, ServerReport.CodeOf(outcome.Server.All));
        }

        bool IsKept(ClientName client, string key)
        {
            var named = parts.Where(part => part.Client == client && SharedIdentities.Names(part.Part, key)).ToList();
            lock (used) used.UnionWith(named.Select(part => part.Typed));
            return named.Count > 0;
        }
    }

    private static int Shown(Session session, AdoptionPlan plan, bool isApplied)
    {
        if (session.IsJson)
        {
            session.Out.Json(AdoptReport.Json(plan, null), CliJson.Shapes.AdoptJson);
            return AdoptReport.CodeOf(plan);
        }

        session.Out.Line();
        if (plan.IsEmpty) session.Out.Line(plan.Clones.Clones.IsEmpty ? $"There is nothing to adopt: no reservation of dnsmasq's belongs to a clone. '{session.Next("client add")}' and 'client import' bring machines in." : plan.Refused.Any() ? $"Nothing more can be adopted before a person has settled what is said of {string.Join(", ", plan.Refused.Select(refused => refused.Client.Name))}." : "Nothing is left to adopt.", plan.Refused.Any() ? Tint.Notice : Tint.Good);
        else if (plan.Server.Plan.IsRefused) session.Out.Line("Nothing is done while something is refused.", Tint.Bad);
        else if (!isApplied) session.Out.Line($"Nothing was written. '{session.Next("adopt --apply")}' does all of this; running clients keep running.");
        return AdoptReport.CodeOf(plan);
    }

    private static void Print(Session session, AdoptionOutcome outcome)
    {
        session.Out.Line();
        AdoptReport.Print(session, outcome);
        session.Out.Line($"'{session.Next("sync")}' merges what upstream has committed since; '{session.Next("status")}' shows how the clients are; '{session.Next("release --all")}' is the way back.", Tint.Faint);
    }

    private static List<(string Typed, ClientName Client, string Part)> Parse(string[] kept)
    {
        var parts = new List<(string Typed, ClientName Client, string Part)>();
        foreach (var typed in kept)
        {
            var colon = typed.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !ClientName.TryParse(typed[..colon], out var client, out _)) throw new UserErrorException($"{Quoted.Text(typed)} is not NAME:PART. Write the client and what it keeps, such as pc01:machine-id.");
            parts.Add((typed, client, typed[(colon + 1)..]));
        }

        return parts;
    }
}
