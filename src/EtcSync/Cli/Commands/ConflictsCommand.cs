using System.CommandLine;
using System.Text;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;
using EtcSync.Git;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync conflicts': what waits for a person, and what the person can do.</summary>
internal static class ConflictsCommand
{
    // A longer file is compared in an editor, not in a report.
    private const int LongestText = 256 * 1024;

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
        [.. shared.Select(one => new SharedConflictJson([.. one.Names], ToJson.Of(one.Conflict), IsSecret(session, one), Remedy.Of(one.Conflict, one.Names)))],
        [.. unseen.Select(preview => new UnseenClientJson(preview.Client.Name.Value, preview.Problem!))]);

    private static void Print(Session session, FleetView view, List<SharedConflict> shared, List<ClientPreview> unseen)
    {
        var output = session.Out;
        foreach (var (group, conflict) in view.Target.Conflicts)
        {
            output.Line($"{conflict.Path}", Tint.Strong, $"  in the layer group/{group}, for all its clients");
            output.Line($"  {Words.Of(conflict.Kind)}: ", Tint.Bad, conflict.Reason);
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
        else if (Texts(session, pending, one) is var (client, upstream)) SideBySide.Print(output, client, upstream);
        output.Line($"  {Remedy.Of(conflict, one.Names)}");
        output.Line();
    }

    private static string Short(FileVersion version) => version.Exists ? version.Id.Short : "-";

    private static bool IsSecret(Session session, SharedConflict one) =>
        one.Clients.Any(client => session.Workspace.Configuration.Policies.PathsOf(client.Context).ForPath(one.Conflict.Path.Value).Secret);

    private static (string Client, string Upstream)? Texts(Session session, PendingObjects pending, SharedConflict one)
    {
        if (one.Conflict.Kind == ConflictKind.HeldTogether) return null;
        var client = one.Clients[0];
        using var repository = ClientRepository.OpenToLook(session.Workspace.State.GitDirectory(client.Name), client.Name, pending, session.Workspace.Trees);
        return Text(repository, one.Conflict.Client) is { } own && Text(repository, one.Conflict.Upstream) is { } theirs && own != theirs ? (own, theirs) : null;
    }

    // Drift that is not committed yet is in no repository; the next sync commits it.
    private static string? Text(ClientRepository repository, FileVersion version)
    {
        if (version.Mode is not (EntryMode.File or EntryMode.Executable or EntryMode.SymbolicLink) || !repository.Objects.Contains(version.Id)) return null;
        var content = repository.Objects.ReadBlob(version.Id);
        return content.Length > LongestText || TextMerge.IsBinary(content) ? null : Encoding.UTF8.GetString(content);
    }

    private sealed record SharedConflict(Conflict Conflict, IReadOnlyList<Client> Clients)
    {
        public IEnumerable<string> Names => Clients.Select(client => client.Name.Value);
    }
}
