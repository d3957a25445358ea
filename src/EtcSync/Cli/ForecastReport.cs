using System.Collections.Immutable;
using EtcSync.Cli.Json;
using EtcSync.Core.Merging;
using EtcSync.Forecasts;
using EtcSync.Upstream;

namespace EtcSync.Cli;

/// <summary>Tells what a commit that is not rolled out would do.</summary>
internal sealed class ForecastReport
{
    private const int MostNamed = 6;
    private const string Basis = "By the clients' branches as their last sync left them; what was written on clients since then is not considered. Checks by command have looked at upstream with its layers, and look at each client at its sync.";

    private readonly Session _session;
    private readonly Forecast _forecast;
    private readonly ForecastPaths _paths;

    public ForecastReport(Session session, Forecast forecast) => (_session, _forecast, _paths) = (session, forecast, new(forecast));

    /// <summary>Whether a person would be needed, or something could not be read.</summary>
    public int ExitCode => _forecast.HasFailures ? Cli.ExitCode.Failed : _forecast.HasConflicts ? Cli.ExitCode.PersonNeeded : Cli.ExitCode.InOrder;

    /// <summary>Finds a candidate, computes and prints what it would do.</summary>
    /// <param name="session">The run.</param>
    /// <param name="names">The clients that are asked about; all where none is named.</param>
    /// <param name="find">Finds the candidate.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UserErrorException">There is no candidate.</exception>
    public static int Run(Session session, IReadOnlyCollection<string> names, Func<CandidateReader, CandidateOutcome> find, CancellationToken cancellation)
    {
        var upstream = session.Workspace.Upstream.Observe();
        var report = new ForecastReport(session, Compute(session, names, upstream, find, cancellation));
        if (session.IsJson) session.Out.Json(report.Json(upstream), CliJson.Shapes.ForecastJson);
        else report.Print(upstream);
        return report.ExitCode;
    }

    /// <summary>Finds a candidate, and computes what it would do.</summary>
    /// <exception cref="UserErrorException">There is no candidate.</exception>
    public static Forecast Compute(Session session, IReadOnlyCollection<string> names, UpstreamObservation upstream, Func<CandidateReader, CandidateOutcome> find, CancellationToken cancellation)
    {
        var clients = session.Select(names);
        var kept = session.Workspace.Resolutions.Load();
        foreach (var problem in kept.Problems) session.Error.Line("resolutions: ", Tint.Notice, problem);
        return find(new(session.Workspace, upstream)) switch
        {
            CandidateOutcome.Found found => FleetForecast.Of(session.Workspace, found.Candidate, upstream, clients, kept.Set, cancellation),
            CandidateOutcome.Refused refused => throw new UserErrorException(refused.Reason),
            _ => throw new InvalidOperationException("A candidate has an unknown outcome."),
        };
    }

    private void Print(UpstreamObservation upstream)
    {
        foreach (var notice in upstream.Notices) _session.Error.Line("upstream: ", Tint.Notice, notice.Message);
        foreach (var notice in _forecast.Candidate.Notices) _session.Error.Line("upstream: ", Tint.Notice, notice);
        if (_forecast.Target.Rewritten is { } old)
        {
            _session.Error.Line("upstream: ", Tint.Notice, $"It does not continue {old.Short}, which is rolled out: it would be a rewritten history, and waits for '{_session.Next("sync --accept-rewrite")}'.");
        }

        foreach (var conflict in _forecast.Target.Conflicts) _session.Error.Line($"group/{conflict.Group}: ", Tint.Bad, $"{conflict.Conflict.Path}: {conflict.Conflict.Reason} The layer's version would stand.");
        var count = _paths.All.Length;
        _session.Out.Line($"{char.ToUpperInvariant(_forecast.Candidate.Description[0])}{_forecast.Candidate.Description[1..]}: ", Tint.Strong, count == 0 ? "it changes nothing." : $"{Words.Count(count, "path")}.");
        _session.Out.Line();
        foreach (var same in _paths.All.GroupBy(path => string.Join('\n', path.Effects.Select(effect => $"{effect.Effect} {effect.Why} {string.Join(' ', effect.Clients)}"))))
        {
            var paths = same.Select(path => $"{path.Path} ({path.Change})").ToList();
            _session.Out.Line(Words.Some(paths, MostNamed), Tint.Strong);
            foreach (var effect in same.First().Effects) _session.Out.Line($"  {Words.Count(effect.Clients.Length, "client")} ", TintOf(effect.Effect), Describe(effect));
            _session.Out.Line();
        }

        foreach (var line in Others()) _session.Out.Line(line);
        _session.Out.Line(Summary(), _forecast.HasConflicts ? Tint.Bad : Tint.Good);
        _session.Out.Line($"{Basis} Nothing was changed.", Tint.Faint);
    }

    private IEnumerable<string> Others()
    {
        var standing = _forecast.Clients.SelectMany(client => (client.Outcome?.Standing ?? []).Select(conflict => (conflict.Path, Name: client.Client.Name.Value)))
            .GroupBy(pair => pair.Path).OrderBy(of => of.Key);
        foreach (var of in standing) yield return $"Already in conflict, and it stays so: {of.Key} on {Words.Some([.. of.Select(pair => pair.Name)], MostNamed)}.";
        foreach (var held in _forecast.Clients.Where(client => client.Hold is not null).GroupBy(client => client.Hold, StringComparer.Ordinal)) yield return $"Held, and takes it when it is let go: {Names(held)} ({held.Key!.TrimEnd('.')}).";
        if (_forecast.Clients.Where(client => client.IsNew).ToList() is { Count: > 0 } made) yield return $"Without a clone yet, which would be made from it: {Names(made)}.";
        foreach (var unseen in _forecast.Clients.Where(client => client.Problem is not null).GroupBy(client => client.Problem, StringComparer.Ordinal)) yield return $"It cannot be told for {Names(unseen)}: {unseen.Key}";
    }

    /// <summary>How many clients it comes to how.</summary>
    public string Summary()
    {
        var clients = _forecast.Clients;
        var parts = new (int Count, string Words)[]
        {
            (Count(ForecastKind.Clean), "clean"), (Count(ForecastKind.Rule), "settled by rule"), (Count(ForecastKind.Resolution), "as settled before"), (Count(ForecastKind.Conflict), "in conflict"),
            (clients.Count(client => client.IsNew), "new"), (clients.Count(client => client.Problem is not null), "not to be told"),
        };
        return $"{Words.Count(clients.Length, "client")}: {(clients.IsEmpty ? "none" : string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {part.Words}")))}.";
    }

    /// <summary>The conflicts that it brings, a line each.</summary>
    public IEnumerable<string> ConflictLines()
    {
        foreach (var conflict in _forecast.Target.Conflicts) yield return $"{conflict.Conflict.Path} in group/{conflict.Group}: {conflict.Conflict.Reason}";
        foreach (var path in _paths.All)
        {
            foreach (var effect in path.Effects.Where(effect => effect.Effect == PathEffect.Conflict)) yield return $"{path.Path} on {Words.Some(effect.Clients, MostNamed)}: {effect.Why}";
        }
    }

    private ForecastJson Json(UpstreamObservation upstream)
    {
        var candidate = _forecast.Candidate;
        var outcomes = _forecast.Clients.Where(client => client.Outcome is not null).GroupBy(client => client.Outcome!).Select(of => Json(of.Key, [.. of.Select(client => client.Client.Name.Value)]));
        return new(
            CliJson.Version,
            new(Words.Of(candidate.Source), candidate.Source == CandidateSource.Revision && candidate.Parent is null ? candidate.Commit.ToString() : null, candidate.Tree.ToString(), candidate.Parent?.ToString(), _forecast.Target.Rewritten?.ToString(), candidate.Notices),
            new(upstream.Branch, upstream.Tip?.ToString(), _session.Workspace.Hub.State().Tip?.ToString(), upstream.Problem, [.. upstream.Notices.Select(notice => notice.Message)], []),
            [.. _forecast.Target.Conflicts.Select(ToJson.Of)],
            new(_forecast.Clients.Length, Count(ForecastKind.Clean), Count(ForecastKind.Rule), Count(ForecastKind.Resolution), Count(ForecastKind.Conflict), _forecast.Clients.Count(client => client.IsNew), _forecast.Clients.Count(client => client.Problem is not null)),
            [.. _paths.All.Select(path => new ForecastPathJson(path.Path, path.Change, [.. path.Effects.Select(effect => new ForecastEffectJson(Words.Of(effect.Effect), effect.Why, effect.Clients))]))],
            [.. outcomes],
            [.. _forecast.Clients.Where(client => client.IsNew).Select(client => client.Client.Name.Value)],
            [.. _forecast.Clients.Where(client => client.Hold is not null).Select(client => new UnseenClientJson(client.Client.Name.Value, client.Hold!))],
            [.. _forecast.Clients.Where(client => client.Problem is not null).Select(client => new UnseenClientJson(client.Client.Name.Value, client.Problem!))]);
    }

    private static ForecastOutcomeJson Json(ForecastOutcome outcome, IReadOnlyList<string> clients) => new(
        Words.Of(outcome.Kind), clients, [.. outcome.Merge.Decisions.Select(ToJson.Of)], [.. outcome.Merge.Settled.Select(ToJson.Of)],
        [.. outcome.Conflicts.Select(ToJson.Of)], [.. outcome.Standing.Select(ToJson.Of)]);

    private int Count(ForecastKind kind) => _forecast.Clients.Count(client => client.Outcome?.Kind == kind);

    private static string Names(IEnumerable<ClientForecast> clients) => Words.Some([.. clients.Select(client => client.Client.Name.Value)], MostNamed);

    private static string Describe(ForecastPaths.Effects effect)
    {
        var one = effect.Clients.Length == 1;
        var names = Words.Some(effect.Clients, MostNamed);
        var why = effect.Why is { } rule ? $" ({rule})" : "";
        return effect.Effect switch
        {
            PathEffect.Take => (one ? "takes it" : "take it") + why,
            PathEffect.Has => one ? "has it already" : "have it already",
            PathEffect.Layer => $"{(one ? "keeps its layer's version" : "keep their layer's version")}: {names}",
            PathEffect.Combine => $"{(one ? "joins it with its own change" : "join it with their own changes")}: {names}",
            PathEffect.PutBack => $"{(one ? "takes it in place of its own" : "take it in place of their own")}{why}: {names}",
            PathEffect.Untrack => $"{(one ? "keeps the file, which is tracked no longer" : "keep the file, which is tracked no longer")}: {names}",
            PathEffect.Keep => $"{(one ? "keeps its own" : "keep their own")}{why}: {names}",
            PathEffect.Settled => $"{(one ? "has" : "have")} {effect.Why}: {names}",
            PathEffect.Held => $"{(one ? "waits" : "wait")}: {names}: {effect.Why}",
            _ => $"in conflict: {names}: {effect.Why}",
        };
    }

    private static Tint TintOf(PathEffect effect) => effect switch
    {
        PathEffect.Conflict or PathEffect.Held => Tint.Bad,
        PathEffect.Take or PathEffect.Has => Tint.Good,
        _ => Tint.Notice,
    };
}
