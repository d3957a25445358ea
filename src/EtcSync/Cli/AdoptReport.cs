using System.Collections.Immutable;
using EtcSync.Adoption;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Adoption;
using EtcSync.Core.Applying;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;
using EtcSync.Core.Text;
using EtcSync.Server;

namespace EtcSync.Cli;

/// <summary>Shows what adopting a cluster comes to, and what came of it.</summary>
internal static class AdoptReport
{
    private const int MostNamed = 5;
    private const int MostClients = 8;

    /// <summary>The inventory that was understood, every fault, and the exact changes.</summary>
    public static void Print(Session session, AdoptionPlan plan)
    {
        var output = session.Out;
        if (!plan.Clones.Clones.IsEmpty) output.Line("The inventory", Tint.Strong);
        if (!plan.Clones.Clones.IsEmpty) output.Table(["CLIENT", "ADDRESS", "NETWORK CARDS", "GROUPS", "CLONE"], [.. plan.Clones.Clones.Select(clone => Row(plan, clone))]);
        foreach (var refused in plan.Refused) output.Line($"{refused.Client.Name} is left as it is: ", Tint.Bad, session.Locations.Pasteable(refused.Reason));
        if (!plan.Proposal.Chosen.IsEmpty) output.Line();
        foreach (var choice in plan.Proposal.Chosen) output.Line($"{choice.Name}: ", Tint.Strong, $"{choice.Value}  ({choice.File}{(choice.Line > 0 ? $":{choice.Line}" : "")})");
        foreach (var choice in plan.Proposal.Kept.Where(choice => choice.Section != "upstream")) output.Line($"{choice.Name}: ", Tint.Faint, $"{choice.Value} according to {choice.File}; {session.Locations.SettingsFile} sets it already, and that stays.");
        Faults(session, plan);
        Identities(session, plan);
        if (plan.IsEmpty) return;
        output.Line();
        output.Line("The server's files", Tint.Strong);
        foreach (var edit in plan.Server.Edits)
        {
            output.Line($"{edit.Path}: ", Tint.Strong, $"what moves to EtcSync's files goes; the original is kept as {ServerAdoption.KeptPath(edit.Path)}.");
            output.Difference(edit.Difference);
        }

        ServerReport.Changes(session, output, plan.Server.Plan.Changes);
        ServerReport.Findings(output, plan.Server.Plan.Findings);
    }

    /// <summary>What came of it.</summary>
    public static void Print(Session session, AdoptionOutcome outcome)
    {
        foreach (var clone in outcome.Clones)
        {
            var isDone = clone.Kind is OutcomeKind.Synced or OutcomeKind.Unchanged;
            session.Out.Line($"{clone.Client}  ", isDone ? Tint.Good : Tint.Bad, isDone ? "adopted." : session.Locations.Pasteable(clone.Reason) ?? Words.Of(clone.Kind));
            foreach (var finding in clone.Findings) session.Out.Line("  left alone ", Tint.Notice, $"{finding.Path}: {finding.Message}");
        }

        if (outcome.Server is not { } server) return;
        ServerReport.Findings(session.Out, server.All);
        if (server.IsFailed) session.Error.Line(server.Done.IsEmpty ? "The server's files were not changed, and the hand-written ones are as they were." : $"{Words.Count(server.Done.Length, "file")} {(server.Done.Length == 1 ? "was changed before that, and stays" : "were changed before that, and stay")}; 'etcsync server apply' goes on.", Tint.Bad);
        else session.Out.Line(server.Done.IsEmpty ? "The server's files are as they must be." : $"{Words.Count(server.Done.Length, "file")} of EtcSync's {(server.Done.Length == 1 ? "was" : "were")} written.", Tint.Good);
    }

    /// <summary>Both in the shape of docs/cli.md.</summary>
    public static AdoptJson Json(AdoptionPlan plan, AdoptionOutcome? outcome) => new(
        CliJson.Version,
        outcome is not null,
        [.. plan.Clones.Clones.Select(clone => Json(plan, clone, outcome))],
        [.. plan.Proposal.Chosen.Select(choice => new AdoptedSettingJson(choice.Name, choice.Value, choice.File, choice.Line))],
        [.. AllFaults(plan).Select(fault => new AdoptionFaultJson(fault.File, fault.Line, fault.Message, fault.Remedy, fault.NeedsPerson))],
        [.. plan.Clones.Shared.Select(shared => new SharedIdentityJson(shared.Client.Value, shared.Key, [.. shared.Others.Select(other => other.Value)], shared.IsUpstreams, shared.IsKept))],
        [
            .. plan.Server.Edits.Select(edit => new AdoptedFileJson(edit.Path, edit.Difference)),
            .. plan.Server.Plan.Changes.Select(change => new AdoptedFileJson(change.Path, change.Difference)),
        ],
        [.. (outcome?.Server?.All ?? plan.Server.Plan.Findings).Select(ServerReport.Json)]);

    /// <summary>What the plan means for the caller: what a person has to mend makes it 2.</summary>
    public static int CodeOf(AdoptionPlan plan) => plan.IsEmpty && plan.Clones.Clones.IsEmpty
        // Whether the server's files can be written already is no question of an adoption that has nothing to adopt.
        ? plan.Understood.Faults.Any(fault => fault.NeedsPerson) ? ExitCode.PersonNeeded : ExitCode.InOrder
        : ExitCode.Worse(plan.Refused.Any() || plan.Understood.Faults.Any(fault => fault.NeedsPerson) ? ExitCode.PersonNeeded : ExitCode.InOrder, ServerReport.CodeOf(plan.Server.Plan.Findings));

    /// <summary>The faults of the configuration and those of the clones.</summary>
    public static IEnumerable<AdoptionFault> AllFaults(AdoptionPlan plan) => plan.Understood.Faults.Select(fault => plan.Refused.Any(refused => refused.Client.Name == fault.Client) ? fault with { Remedy = "It stays so until the client is adopted.", NeedsPerson = true } : fault).Concat(plan.Clones.Clones.SelectMany(Faults));

    private static Cell[] Row(AdoptionPlan plan, CloneAdoption clone) =>
    [
        new(clone.Client.Name.Value, plan.Proposal.Added.Any(added => added.Name == clone.Client.Name) ? Tint.Good : Tint.None),
        string.Join(' ', clone.Client.Addresses),
        string.Join(' ', clone.Client.Macs),
        string.Join(' ', clone.Client.Groups),
        StateOf(clone),
    ];

    private static Cell StateOf(CloneAdoption clone) => clone switch
    {
        CloneAdoption.Ours => new Cell("is EtcSync's", Tint.Faint),
        CloneAdoption.Missing => new Cell("is made by the next sync", Tint.Notice),
        CloneAdoption.Refused => new Cell("left as it is", Tint.Bad),
        CloneAdoption.Possible possible => new Cell(Describe(possible)),
        _ => new Cell(""),
    };

    private static string Describe(CloneAdoption.Possible clone)
    {
        var parts = new List<string>();
        if (clone.OwnCommits > 0) parts.Add(Words.Count(clone.OwnCommits, "commit of its own", "commits of its own"));
        if (!clone.Uncommitted.IsEmpty) parts.Add($"{Words.Count(clone.Uncommitted.Length, "uncommitted path")}");
        if (!clone.History.Stashes.IsEmpty) parts.Add(Words.Count(clone.History.Stashes.Length, "stash", "stashes"));
        return parts.Count == 0 ? "as upstream" : string.Join(", ", parts);
    }

    // What is wrong with a clone is no line of a file.
    private static IEnumerable<AdoptionFault> Faults(CloneAdoption clone)
    {
        if (clone is CloneAdoption.Refused refused) yield return new(clone.Directory, 0, refused.Reason, "It is left as it is, with all its entries; the others are taken over.", NeedsPerson: true);
        if (clone is not CloneAdoption.Possible possible) yield break;
        var place = clone.Directory;
        yield return new($"{place}/.git", 0, "The git directory is in the export: the client can write what git runs as root here.", $"It moves out; its history is kept on the branch client/{clone.Client.Name}.", NeedsPerson: false);
        if (possible.SharedInodes > 0) yield return new($"{place}/.git/objects", 0, $"{Words.Count(possible.SharedInodes, "file")} {(possible.SharedInodes == 1 ? "is a hard link" : "are hard links")}, to upstream's objects most likely: what the client writes there, upstream and all other clones read.", "The client cannot reach them any more.", NeedsPerson: false);
        if (!possible.Repair.Lost.IsEmpty) yield return new(place, 0, $"{Words.Count(possible.Repair.Lost.Length, "path")} lost mode or owner: {Words.Some([.. possible.Repair.Lost.Select(Describe)], MostNamed)}.", "They get what .etckeeper says.", NeedsPerson: false);
        if (!possible.Repair.MissingDirectories.IsEmpty) yield return new(place, 0, $"{Words.Count(possible.Repair.MissingDirectories.Length, "empty directory", "empty directories")} of upstream's {(possible.Repair.MissingDirectories.Length == 1 ? "is" : "are")} missing: {Words.Some(possible.Repair.MissingDirectories, MostNamed)}.", "They are made.", NeedsPerson: false);
        if (!possible.Shadows.IsEmpty) yield return new(place, 0, $"Files that belong to the shared root are missing: {Words.Some([.. possible.Shadows.Select(path => path.Value)], MostNamed)}.", "They are copied, and kept up to date.", NeedsPerson: false);
        if (!possible.Uncommitted.IsEmpty) yield return new(place, 0, $"{Words.Count(possible.Uncommitted.Length, "path")} in no commit: {Words.Some([.. possible.Uncommitted.Select(change => change.Path.Value)], MostNamed)}.", "They are committed to the client's branch.", NeedsPerson: false);
        foreach (var finding in possible.Findings) yield return new($"{place}/{finding.Path}", 0, finding.Message, "It is left alone.", NeedsPerson: false);
    }

    private static string Describe(LostAttributes lost) => $"{lost.Path} ({Describe(lost.Seen)}, was {Describe(lost.Wanted)})";

    private static string Describe(Core.Applying.FileAttributes attributes) =>
        $"0{Convert.ToString(attributes.Mode, 8)}{(attributes is { Owner: null, Group: null } ? "" : $" {attributes.Owner ?? "root"}:{attributes.Group ?? "root"}")}";

    private static void Faults(Session session, AdoptionPlan plan)
    {
        var faults = AllFaults(plan).Where(fault => !plan.Refused.Any(refused => refused.Reason == fault.Message)).ToList();
        if (faults.Count == 0) return;
        session.Out.Line();
        session.Out.Line("What is wrong, and what becomes of it", Tint.Strong);
        // What is wrong with every clone alike is said once.
        foreach (var same in faults.GroupBy(fault => (Clone: CloneOf(plan, fault) is { } clone ? fault.Place.Replace(clone.Directory, "", StringComparison.Ordinal) : fault.Place, Message: General(plan, fault.Message), Remedy: General(plan, fault.Remedy), fault.NeedsPerson)))
        {
            var clones = same.Select(fault => CloneOf(plan, fault)).OfType<CloneAdoption>().ToList();
            var place = clones.Count > 1 ? $"{Words.Some([.. clones.Select(clone => clone.Client.Name.Value)], MostClients)}: " : same.First().Place is { Length: > 0 } one ? one + ": " : "";
            session.Out.Line(place, same.Key.NeedsPerson ? Tint.Bad : Tint.Notice, clones.Count > 1 ? same.Key.Message : same.First().Message);
            session.Out.Line("  -> ", same.Key.NeedsPerson ? Tint.Bad : Tint.Good, session.Locations.Pasteable(clones.Count > 1 ? same.Key.Remedy : same.First().Remedy));
        }
    }

    private static CloneAdoption? CloneOf(AdoptionPlan plan, AdoptionFault fault) =>
        plan.Clones.Clones.FirstOrDefault(clone => fault.File is { } file && (file == clone.Directory || file.StartsWith(clone.Directory + "/", StringComparison.Ordinal)));

    private static string General(AdoptionPlan plan, string sentence) =>
        plan.Clones.Clones.FirstOrDefault(clone => sentence.Contains($"client/{clone.Client.Name}.", StringComparison.Ordinal)) is { } named ? sentence.Replace($"client/{named.Client.Name}.", "client/NAME.", StringComparison.Ordinal) : sentence;

    private static void Identities(Session session, AdoptionPlan plan)
    {
        if (plan.Clones.Shared.IsEmpty) return;
        session.Out.Line();
        session.Out.Line("Identities that are not a client's alone", Tint.Strong);
        foreach (var shared in plan.Clones.Shared)
            session.Out.Line($"{shared.Client}:{shared.Key}: ", shared.IsKept ? Tint.Notice : Tint.Good, $"shared with {shared.With}; {(shared.IsKept ? "kept, as you said" : "the client gets its own")}.");
        if (plan.Clones.Shared.Any(shared => !shared.IsKept)) session.Out.Line($"--keep-identity {plan.Clones.Shared.First(shared => !shared.IsKept).Client}:{plan.Clones.Shared.First(shared => !shared.IsKept).Key} keeps one of them as it is.", Tint.Faint);
    }

    private static AdoptedClientJson Json(AdoptionPlan plan, CloneAdoption clone, AdoptionOutcome? outcome)
    {
        var (client, possible) = (clone.Client, clone as CloneAdoption.Possible);
        var done = outcome?.Clones.FirstOrDefault(one => one.Client == client.Name);
        var state = clone switch
        {
            CloneAdoption.Ours => "ours",
            CloneAdoption.Missing => "missing",
            CloneAdoption.Refused => "left",
            _ => done is null ? "adopt" : done.Kind is OutcomeKind.Synced or OutcomeKind.Unchanged ? "adopted" : "failed",
        };
        return new(
            client.Name.Value, [.. client.Macs.Select(mac => mac.ToString())], [.. client.Addresses.Select(address => address.ToString())], [.. client.Groups.Select(group => group.Value)],
            plan.Proposal.Added.Any(added => added.Name == client.Name), clone.Directory, state, (clone as CloneAdoption.Refused)?.Reason ?? done?.Reason,
            possible?.OwnCommits ?? 0, [.. possible?.Uncommitted.Select(change => change.Path.Value) ?? []], [.. possible?.Repair.Lost.Select(lost => lost.Path) ?? []],
            possible?.Repair.MissingDirectories ?? [], [.. possible?.Shadows.Select(path => path.Value) ?? []], possible?.SharedInodes ?? 0);
    }
}
