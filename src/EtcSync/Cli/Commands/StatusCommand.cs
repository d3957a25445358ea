using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;
using EtcSync.Doctor;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync status': how clients are.</summary>
internal static class StatusCommand
{
    private const int MostNamed = 3;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        var command = new Command("status", "Show how clients are: what they merged last, their overrides, drift, conflicts and holds.") { clients, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetValue(clients) ?? [], cancellation));
        return command;
    }

    private static int Run(Session session, string[] names, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var (target, upstream, previews) = FleetView.Of(session, names, cancellation);
        var reader = new StatusReader(workspace, target);
        ImmutableArray<ClientStatus> statuses = [.. previews.Select(reader.Of)];
        var controller = Controller(workspace);
        var fleet = new HoldStore(workspace.State).Fleet;
        var ladders = new LadderObserver(workspace).Look([.. previews.Select(preview => preview.Client)]).ToDictionary(pair => pair.Name, pair => pair.Ladder);

        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, upstream.Json(), controller, fleet?.Reason, upstream.LayerConflicts(), [.. statuses.Select(status => Json(status, ladders[status.Name]))]), CliJson.Shapes.StatusJson);
        }
        else
        {
            upstream.Print(session.Error);
            if (fleet is not null) session.Error.Line("held: ", Tint.Bad, $"The whole fleet, by {fleet.By}{HoldCommand.Why(fleet)}. '{session.Next("resume --all")}' lets it go.");
            Print(session, statuses, ladders, controller, target, isNamed: names.Length > 0);
        }

        return statuses.Select(CodeOf).Aggregate(upstream.ExitCode, ExitCode.Worse);
    }

    private static int CodeOf(ClientStatus status) =>
        status.State == ClientStateKind.Failed ? ExitCode.Failed : status.NeedsPerson ? ExitCode.PersonNeeded : ExitCode.InOrder;

    private static ControllerJson Controller(Workspace workspace)
    {
        // One who releases a lock empties its file; only what says that it is held is tried, so that a controller that starts
        // at this moment does not find its lock taken by somebody who only looks.
        if (new FileInfo(workspace.State.ControllerLock) is not { Exists: true, Length: > 0 }) return new(false, null);
        using var shared = SharedLock.TryTake(workspace.State.ControllerLock, out var holder);
        return holder is null ? new(false, null) : new(true, holder.Process == 0 ? null : holder.Process);
    }

    private static void Print(Session session, ImmutableArray<ClientStatus> statuses, Dictionary<ClientName, ClientLadder> ladders, ControllerJson controller, FleetTarget target, bool isNamed)
    {
        var output = session.Out;
        if (statuses.IsEmpty) output.Line(session.NoClients);
        else Table(session, statuses, ladders);
        foreach (var status in statuses.Where(status => ladders[status.Name].Verdict == LadderVerdict.OnUpstream)) output.Line($"{status.Name}: ", Tint.Bad, $"it runs on upstream's /etc and not on its own; '{session.Next($"doctor {status.Name}")}' says what to do.");
        // A command that is broken over the lines of a cell cannot be pasted.
        foreach (var status in statuses.Where(status => HasCommand(session, status))) output.Line($"{status.Name}: ", TintOf(status.State), status.Reason!);
        if (statuses.Any(status => status.State == ClientStateKind.Conflicted) || target.Conflicts.Any()) output.Line($"'{session.Next("conflicts")}' shows the conflicts and what to do.");
        foreach (var status in statuses.Where(status => !status.OwnPasswords.IsEmpty))
        {
            output.Line($"{status.Name}: ", Tint.Notice, $"it keeps its own password for {Words.Some([.. status.OwnPasswords.Select(one => one.ToString())], isNamed ? int.MaxValue : MostNamed)}; upstream's does not reach it.");
        }

        foreach (var status in statuses.Where(status => !status.Findings.IsEmpty))
        {
            if (isNamed) foreach (var finding in status.Findings) output.Line($"{status.Name} left alone ", Tint.Notice, $"{finding.Path}: {finding.Message}");
            else output.Line($"{status.Name}: ", Tint.Notice, $"{Words.Count(status.Findings.Length, "path")} left alone; '{session.Next($"status {status.Name}")}' says which and why.");
        }

        output.Line();
        if (target.Hub.Tip is { } tip) output.Line($"Upstream '{target.Upstream.Branch}' is at {tip.Short}.", Tint.Faint);
        output.Line(controller.Running ? $"A controller runs{(controller.Process is { } process ? $" (process {process})" : "")}." : $"No controller runs ('{session.Next("run")}' is one).", Tint.Faint);
    }

    // Where nothing is known of any client's booting, the column would only take room from the reasons.
    private static void Table(Session session, ImmutableArray<ClientStatus> statuses, Dictionary<ClientName, ClientLadder> ladders)
    {
        string[] headings = ["CLIENT", "STATE", "MERGED", "BEHIND", "OVERRIDES", "CONFLICTS"];
        if (statuses.Any(status => ladders[status.Name].Verdict != LadderVerdict.Unknown))
            session.Out.Table([.. headings, "RUNG", "REASON"], [.. statuses.Select(status => (Cell[])[.. Row(status), LadderWords.Cell(ladders[status.Name]), Reason(session, status)])]);
        else session.Out.Table([.. headings, "REASON"], [.. statuses.Select(status => (Cell[])[.. Row(status), Reason(session, status)])]);
    }

    private static bool HasCommand(Session session, ClientStatus status) => status.Reason?.Contains($"'{session.Next("")}", StringComparison.Ordinal) ?? false;

    private static Cell[] Row(ClientStatus status) =>
    [
        status.Name.Value,
        new(Words.Of(status.State), TintOf(status.State)),
        status.Upstream?.Short ?? "-",
        status.Behind?.ToString() ?? "-",
        status.Head is null ? "-" : status.Overrides.Length.ToString(),
        status.Conflicts.IsEmpty ? "0" : new Cell($"{status.Conflicts.Length}", Tint.Bad),
    ];

    private static string Reason(Session session, ClientStatus status) =>
        HasCommand(session, status) ? "see below" : status.Reason ?? (status.State == ClientStateKind.Drifted ? Drift(status) : "");

    private static string Drift(ClientStatus status) =>
        $"Changed: {Words.Some([.. status.Drift.Select(path => path.Value), .. status.DriftAttributes.Select(change => change.ToString())], MostNamed)}.";

    private static Tint TintOf(ClientStateKind state) => state switch
    {
        ClientStateKind.Synced => Tint.Good,
        ClientStateKind.Behind or ClientStateKind.Drifted => Tint.Notice,
        _ => Tint.Bad,
    };

    private static StatusClientJson Json(ClientStatus status, ClientLadder ladder) => new(
        status.Name.Value,
        Words.Of(status.State),
        status.Upstream?.ToString(),
        status.Head?.ToString(),
        status.Behind,
        [.. status.Overrides.Select(path => path.Value)],
        [.. status.Conflicts.Select(path => path.Value)],
        [.. status.OwnPasswords.Select(one => one.ToString())],
        [.. status.Drift.Select(path => path.Value)],
        [.. status.DriftAttributes.Select(ToJson.Of)],
        [.. status.Findings.Select(ToJson.Of)],
        status.Reason,
        LadderWords.Of(ladder.Reached),
        LadderWords.Of(ladder.Verdict),
        ladder.LastSeen);
}
