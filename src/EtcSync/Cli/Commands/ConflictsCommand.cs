using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Trees;
using EtcSync.Git;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync conflicts': what waits for a person, and what the person can do.</summary>
internal static class ConflictsCommand
{
    // A longer file is compared in an editor, not in a report.
    private const int LongestText = 256 * 1024;
    private const int MostFiles = 5;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        var command = new Command("conflicts", "Show what is in conflict, for whom, and what to do about it.") { clients, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetValue(clients) ?? [], cancellation));
        return command;
    }

    private static int Run(Session session, string[] names, CancellationToken cancellation)
    {
        var view = FleetView.Of(session, names, cancellation);
        var shared = view.Previews
            .SelectMany(preview => (preview.Plan?.Merge?.Conflicts ?? []).Select(conflict => (preview.Client, Conflict: conflict)))
            .GroupBy(pair => pair.Conflict)
            .OrderBy(group => group.Key.Path)
            .Select(group => new SharedConflict(group.Key, [.. group.Select(pair => pair.Client)]))
            .ToList();
        // What cannot be looked at may hide conflicts: silence would be an answer.
        var unseen = view.Previews.Where(preview => preview is { Plan: null, Problem: not null, IsNew: false }).ToList();
        if (session.IsJson) session.Out.Json(Json(session, view, shared, unseen), CliJson.Shapes.ConflictsJson);
        else Print(session, view, shared, unseen);
        var code = shared.Count > 0 || view.Target.Conflicts.Any() ? ExitCode.PersonNeeded : ExitCode.InOrder;
        return unseen.Count > 0 ? ExitCode.Failed : code;
    }

    private static ConflictsJson Json(Session session, FleetView view, List<SharedConflict> shared, List<ClientPreview> unseen) => new(
        CliJson.Version,
        view.Upstream.LayerConflicts(),
        [.. shared.Select(one => Json(session, one))],
        [.. unseen.Select(preview => new UnseenClientJson(preview.Client.Name.Value, preview.Problem!))]);

    private static SharedConflictJson Json(Session session, SharedConflict one)
    {
        var remedy = Remedy.Of(session, one.Conflict, one.Clients);
        return new([.. one.Names], ToJson.Of(one.Conflict), IsSecret(session, one), remedy.ToString(), remedy.Files, remedy.Look, remedy.Rule, remedy.RuleFile);
    }

    private static void Print(Session session, FleetView view, List<SharedConflict> shared, List<ClientPreview> unseen)
    {
        var output = session.Out;
        foreach (var (group, conflict) in view.Target.Conflicts)
        {
            output.Line($"{conflict.Path}", Tint.Strong, $"  in the layer group/{group}, for all its clients");
            output.Line($"  {Words.Of(conflict.Kind)}: ", Tint.Bad, conflict.Reason);
            if (session.Workspace.Configuration.Policies.PathsOf(new(null, [GroupName.Parse(group)])).ForPath(conflict.Path.Value).Secret) output.Line("  The content is secret and not shown.", Tint.Faint);
            else ShowLayerContents(session, view.Target.Pending, conflict);
            output.Line($"  The layer's version stands. Settle it in the layer or upstream: '{session.Next($"layer edit group/{group}")}'.");
            output.Line();
        }

        foreach (var one in shared) Print(session, view.Target.Pending, one);
        foreach (var preview in unseen) session.Error.Line($"{preview.Client.Name}: ", Tint.Bad, preview.Problem!);
        if (shared.Count == 0 && !view.Target.Conflicts.Any() && unseen.Count == 0) output.Line("There are no conflicts.", Tint.Good);
    }

    private static void Print(Session session, PendingObjects pending, SharedConflict one)
    {
        var (conflict, output) = (one.Conflict, session.Out);
        output.Line($"{conflict.Path}", Tint.Strong, $"  on {string.Join(", ", one.Names)}");
        output.Line($"  {Words.Of(conflict.Kind)}: ", Tint.Bad, conflict.Reason);
        output.Line($"  base {Short(conflict.Base)}, client {Short(conflict.Client)}, upstream {Short(conflict.Upstream)}{(conflict.RenamedTo is { } renamed ? $", renamed to {renamed}" : "")}", Tint.Faint);
        if (IsSecret(session, one)) output.Line("  The content is secret and not shown.", Tint.Faint);
        else ShowContents(session, pending, one);
        var remedy = Remedy.Of(session, conflict, one.Clients);
        if (remedy.Files.Count > 0) output.Line("  file    ", Tint.Faint, Words.Some([.. remedy.Files], MostFiles));
        foreach (var command in remedy.Look) output.Line("  look    ", Tint.Faint, command);
        output.Line("  settle  ", Tint.Faint, remedy.Settle);
        if (remedy.Rule is { } rule)
        {
            output.Line("  keep    ", Tint.Faint, $"To keep the client's for good, add this below 'rules:' in {remedy.RuleFile}:");
            output.Line($"  {rule}");
        }

        output.Line();
    }

    private static string Short(FileVersion version) => version.Exists ? version.Id.Short : "-";

    private static bool IsSecret(Session session, SharedConflict one) =>
        one.Clients.Any(client => session.Workspace.Configuration.Policies.PathsOf(client.Context).ForPath(one.Conflict.Path.Value).Secret);

    private static void ShowContents(Session session, PendingObjects pending, SharedConflict one)
    {
        if (one.Conflict.Kind == ConflictKind.HeldTogether) return;
        var name = one.Clients[0].Name;
        using var repository = ClientRepository.OpenToLook(session.Workspace.State.GitDirectory(name), name, pending, session.Workspace.Trees);
        var (client, upstream) = (Content(repository.Objects, one.Conflict.Client), Content(repository.Objects, one.Conflict.Upstream));
        ShowContents(session, "client", client, upstream);
    }

    private static void ShowLayerContents(Session session, PendingObjects pending, Conflict conflict)
    {
        using var objects = session.Workspace.Hub.OpenToLook(pending);
        if (objects is not null) ShowContents(session, "layer", Content(objects, conflict.Client), Content(objects, conflict.Upstream));
    }

    private static void ShowContents(Session session, string side, byte[]? client, byte[]? upstream)
    {
        if (client is null || upstream is null || client.AsSpan().SequenceEqual(upstream)) return;
        if (FileText.Of(client) is not { } own || FileText.Of(upstream) is not { } theirs) session.Out.Line($"  binary: the {side}'s has {Words.Count(client.Length, "byte")}, upstream's {Words.Count(upstream.Length, "byte")}", Tint.Faint);
        else if (own.Length <= LongestText && theirs.Length <= LongestText) SideBySide.Print(session.Out, side.ToUpperInvariant(), own, theirs);
    }

    // Drift that is not committed yet is in no repository; the next sync commits it.
    private static byte[]? Content(ObjectStore objects, FileVersion version) =>
        version.Mode is not (EntryMode.File or EntryMode.Executable or EntryMode.SymbolicLink) || !objects.Contains(version.Id) ? null : objects.ReadBlob(version.Id);

    private sealed record SharedConflict(Conflict Conflict, IReadOnlyList<Client> Clients)
    {
        public IEnumerable<string> Names => Clients.Select(client => client.Name.Value);
    }
}
