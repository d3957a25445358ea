using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Resolutions;
using EtcSync.Fleet;

namespace EtcSync.Resolutions;

/// <summary>Tries an answer before it is kept: plans the clients that have the dispute as if it were, and writes nothing.</summary>
internal static class AnswerCheck
{
    /// <summary>Why the answer is none; null where it settles the dispute of all these clients.</summary>
    /// <param name="workspace">Where the clients are.</param>
    /// <param name="target">What they should have.</param>
    /// <param name="before">How they are without it; only clients that have the dispute.</param>
    /// <param name="resolution">The answer.</param>
    /// <param name="cancellation">Ends it.</param>
    public static string? Refusal(Workspace workspace, FleetTarget target, ImmutableArray<ClientPreview> before, Resolution resolution, CancellationToken cancellation)
    {
        var set = ResolutionSet.Of([.. target.Resolutions.Set.All, resolution, .. Others(before, resolution)]);
        var after = new FleetSync(workspace).Preview([.. before.Select(preview => preview.Client)], target with { Resolutions = target.Resolutions with { Set = set } }, SyncRequest.Now, cancellation);
        cancellation.ThrowIfCancellationRequested();
        foreach (var (was, preview) in before.OrderBy(preview => preview.Client.Name).Zip(after))
        {
            var name = preview.Client.Name;
            if (preview.Plan?.Merge is not { } merge) return $"It cannot be tried on {name}: {preview.Problem ?? preview.Hold ?? preview.Plan?.Held}";
            if (Against(was.Plan!.Merge!, merge, resolution.Key) is { } conflict) return $"It does not settle it on {name}: {(conflict.Path == resolution.Key.Path ? "" : $"{conflict.Path}: ")}{conflict.Reason}";
        }

        return null;
    }

    // Whether new lines of one record are such can only be seen where nothing else of the file is in dispute.
    private static IEnumerable<Resolution> Others(ImmutableArray<ClientPreview> before, Resolution resolution)
    {
        if (resolution.Answer is not DisputeAnswer.Replace) return [];
        return before.SelectMany(preview => preview.Plan!.Merge!.Conflicts).Where(conflict => conflict.Path == resolution.Key.Path)
            .SelectMany(conflict => conflict.Keys).Where(key => key != resolution.Key).Distinct()
            .Select(key => resolution with { Key = key, Answer = new DisputeAnswer.Take(DisputeSide.Client) });
    }

    private static Conflict? Against(MergePlan before, MergePlan after, DisputeKey key)
    {
        var known = before.Conflicts.Select(conflict => (conflict.Path, conflict.Kind)).ToHashSet();
        // Other records of the file, which wait for answers of their own, may be why a check refuses it still.
        var waits = before.Conflicts.Any(conflict => conflict.Path == key.Path && conflict.Keys.Length > 1);
        return after.Conflicts.FirstOrDefault(conflict => conflict.Kind != ConflictKind.HeldTogether
            && (conflict.Keys.Contains(key) || (conflict.Kind == ConflictKind.CheckFailed ? !waits && conflict.Path == key.Path : !known.Contains((conflict.Path, conflict.Kind)))));
    }
}
