using System.Collections.Immutable;

namespace EtcSync.Forecasts;

/// <summary>A forecast by path: how far each change of the candidate reaches.</summary>
internal sealed class ForecastPaths
{
    /// <summary>Puts the clients' outcomes together.</summary>
    public ForecastPaths(Forecast forecast)
    {
        var changes = forecast.Own.Values.SelectMany(own => own.Changes).DistinctBy(change => change.Path).ToDictionary(change => change.Path, change => change.Change, StringComparer.Ordinal);
        var effects = changes.Keys.ToDictionary(path => path, _ => new SortedDictionary<(PathEffect Effect, string Why), List<string>>(), StringComparer.Ordinal);
        // A thousand clients have a handful of outcomes.
        foreach (var of in forecast.Clients.Where(client => client.Outcome is not null).GroupBy(client => client.Outcome!))
        {
            List<string> names = [.. of.Select(client => client.Client.Name.Value)];
            foreach (var outcome in of.Key.Paths) Add(outcome.Path, (outcome.Effect, outcome.Why ?? ""), names);
            // Another layer's group sees the change, this one's does not.
            foreach (var path in changes.Keys.Except(of.Key.Paths.Select(outcome => outcome.Path), StringComparer.Ordinal)) Add(path, (PathEffect.Layer, ""), names);
        }

        All = [.. changes.OrderBy(change => change.Key, StringComparer.Ordinal).Select(change => new Reach(
            change.Key, change.Value, [.. effects[change.Key].Select(of => new Effects(of.Key.Effect, of.Key.Why.Length == 0 ? null : of.Key.Why, [.. of.Value.Order(StringComparer.Ordinal)]))]))];

        void Add(string path, (PathEffect Effect, string Why) key, List<string> names)
        {
            if (!effects[path].TryGetValue(key, out var all)) effects[path][key] = all = [];
            all.AddRange(names);
        }
    }

    /// <summary>Some clients to which the same happens.</summary>
    internal readonly record struct Effects(PathEffect Effect, string? Why, ImmutableArray<string> Clients);

    /// <summary>A path, and what becomes of it where.</summary>
    internal readonly record struct Reach(string Path, string Change, ImmutableArray<Effects> Effects);

    /// <summary>The paths, sorted.</summary>
    public ImmutableArray<Reach> All { get; }
}
