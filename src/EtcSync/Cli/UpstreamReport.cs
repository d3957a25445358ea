using EtcSync.Cli.Json;
using EtcSync.Fleet;

namespace EtcSync.Cli;

/// <summary>What there is to say about upstream and the layers before any client is looked at.</summary>
internal sealed class UpstreamReport
{
    private const int MostNamed = 5;

    private readonly FleetTarget _target;
    private readonly IReadOnlyList<string> _uncommitted;

    private UpstreamReport(FleetTarget target, IReadOnlyList<string> uncommitted) => (_target, _uncommitted) = (target, uncommitted);

    /// <summary>Whether a person has to decide, or something is broken.</summary>
    public int ExitCode
    {
        get
        {
            if (_target.Upstream.Problem is not null) return Cli.ExitCode.Failed;
            return _target.Hub.IsRewrite || _target.Conflicts.Any() ? Cli.ExitCode.PersonNeeded : Cli.ExitCode.InOrder;
        }
    }

    /// <summary>Looks for what is not committed, which is slow, and puts everything together.</summary>
    public static UpstreamReport Of(Session session, FleetTarget target, CancellationToken cancellation)
    {
        // On standard error, whatever the format: what is not used may be why there is a conflict.
        foreach (var problem in target.Resolutions.Problems) session.Error.Line("resolutions: ", Tint.Bad, session.Locations.Pasteable(problem));
        return new(target, target.Upstream.Tip is null ? [] : session.Workspace.Upstream.UncommittedPaths(cancellation));
    }

    /// <summary>Prints it.</summary>
    public void Print(Output output)
    {
        if (_target.Problem is { } problem) output.Line("upstream: ", Tint.Bad, problem);
        foreach (var notice in Notices()) output.Line("upstream: ", Tint.Notice, notice);
        foreach (var conflict in _target.Conflicts) output.Line($"group/{conflict.Group}: ", Tint.Bad, $"{conflict.Conflict.Path}: {conflict.Conflict.Reason} The layer's version stands.");
    }

    /// <summary>The disputes between layers.</summary>
    public IReadOnlyList<LayerConflictJson> LayerConflicts() => [.. _target.Conflicts.Select(ToJson.Of)];

    /// <summary>It as JSON.</summary>
    public UpstreamJson Json() => new(
        _target.Upstream.Branch, _target.Upstream.Tip?.ToString(), _target.Hub.Tip?.ToString(), _target.Problem, [.. _target.Upstream.Notices.Select(notice => notice.Message)], _uncommitted);

    private IEnumerable<string> Notices()
    {
        foreach (var notice in _target.Upstream.Notices) yield return notice.Message;
        if (_uncommitted.Count == 0) yield break;
        yield return $"{Words.Count(_uncommitted.Count, "uncommitted change")} in upstream {(_uncommitted.Count == 1 ? "is" : "are")} not rolled out ({Words.Some(_uncommitted, MostNamed)}).";
    }
}
