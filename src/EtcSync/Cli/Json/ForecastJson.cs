namespace EtcSync.Cli.Json;

/// <summary>What a commit that is not rolled out would do, from 'etcsync plan --upstream', '--staged' and '--worktree'.</summary>
internal sealed record ForecastJson(
    int Version,
    CandidateJson Candidate,
    UpstreamJson Upstream,
    IReadOnlyList<LayerConflictJson> LayerConflicts,
    ForecastSummaryJson Summary,
    IReadOnlyList<ForecastPathJson> Paths,
    IReadOnlyList<ForecastOutcomeJson> Outcomes,
    IReadOnlyList<string> New,
    IReadOnlyList<UnseenClientJson> Held,
    IReadOnlyList<UnseenClientJson> Unseen);

/// <summary>What it is about; the commit is null where nobody has made it yet.</summary>
internal sealed record CandidateJson(string Source, string? Commit, string Tree, string? Parent, string? Rewrites, IReadOnlyList<string> Notices);

/// <summary>How many clients it comes to how; each is counted once.</summary>
internal sealed record ForecastSummaryJson(int Clients, int Clean, int Rule, int Resolution, int Conflict, int New, int Unseen);

/// <summary>A path that it changes.</summary>
internal sealed record ForecastPathJson(string Path, string Change, IReadOnlyList<ForecastEffectJson> Effects);

/// <summary>What becomes of the path on some clients.</summary>
internal sealed record ForecastEffectJson(string Effect, string? Why, IReadOnlyList<string> Clients);

/// <summary>Clients to which it does the same: the decisions and conflicts of their merge.</summary>
internal sealed record ForecastOutcomeJson(
    string Kind, IReadOnlyList<string> Clients, IReadOnlyList<DecisionJson> Decisions, IReadOnlyList<SettledJson> Settled, IReadOnlyList<ConflictJson> Conflicts, IReadOnlyList<ConflictJson> Standing);
