using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Upstream;

namespace EtcSync.Forecasts;

/// <summary>What a candidate would do to one client.</summary>
/// <param name="Client">The client.</param>
/// <param name="Outcome">What; null where there is no clone yet, or it cannot be told.</param>
internal sealed record ClientForecast(Client Client, ForecastOutcome? Outcome)
{
    /// <summary>The clone is still to be made.</summary>
    public bool IsNew { get; init; }

    /// <summary>Why it is held: it takes nothing until it is let go.</summary>
    public string? Hold { get; init; }

    /// <summary>Why it cannot be told.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether that is because a sync of it was cut off, and not because something is broken.</summary>
    public bool IsUnfinished { get; init; }
}

/// <summary>What a candidate would do to the fleet, by the branches of the clients as their last sync left them.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Target">What clients should have with it.</param>
/// <param name="Own">What it changes, by the keys of the composites.</param>
/// <param name="Clients">The clients, by name.</param>
internal sealed record Forecast(Candidate Candidate, CandidateTarget Target, ImmutableDictionary<string, OwnChanges> Own, ImmutableArray<ClientForecast> Clients)
{
    /// <summary>Whether somebody has to settle something that it brings.</summary>
    public bool HasConflicts => Target.Conflicts.Any() || Clients.Any(client => client.Outcome?.Kind == ForecastKind.Conflict);

    /// <summary>Whether a client could not be read.</summary>
    public bool HasFailures => Clients.Any(client => client is { Problem: not null, IsUnfinished: false });
}
