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
        foreach (var client in forecast.Clients)
        {
            foreach (var outcome in client.Outcome?.Paths ?? [])
            {
                var of = effects[outcome.Path];
                var key = (outcome.Effect, outcome.Why ?? "");
                if (!of.TryGetValue(key, out var names)) of[key] = names = [];
                names.Add(client.Client.Name.Value);
            }
        }

        All = [.. changes.OrderBy(change => change.Key, StringComparer.Ordinal).Select(change => new Reach(
            change.Key, change.Value, [.. effects[change.Key].Select(of => new Effects(of.Key.Effect, of.Key.Why.Length == 0 ? null : of.Key.Why, [.. of.Value]))]))];
    }

    /// <summary>Some clients to which the same happens.</summary>
    internal readonly record struct Effects(PathEffect Effect, string? Why, ImmutableArray<string> Clients);

    /// <summary>A path, and what becomes of it where.</summary>
    internal readonly record struct Reach(string Path, string Change, ImmutableArray<Effects> Effects);

    /// <summary>The paths, sorted.</summary>
    public ImmutableArray<Reach> All { get; }
}
