using EtcSync.Core.Mergers;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Resolutions;

/// <summary>How a dispute was settled without asking anybody.</summary>
/// <param name="Key">What was in dispute.</param>
/// <param name="Answer">The answer.</param>
public abstract record Settlement(DisputeKey Key, DisputeAnswer Answer)
{
    /// <summary>By a policy's <c>on-conflict</c>.</summary>
    public sealed record ByRule(DisputeKey Key, DisputeAnswer Answer, PolicySource Rule) : Settlement(Key, Answer);

    /// <summary>As a person settled the same dispute before.</summary>
    public sealed record ByResolution(DisputeKey Key, DisputeAnswer Answer, Resolution Resolution) : Settlement(Key, Answer);

    /// <summary>Whether the client kept its own version, so that upstream's was not rolled out.</summary>
    public bool KeepsClient => Answer is DisputeAnswer.Take { Side: DisputeSide.Client };

    /// <summary>What was done and why, in words: "upstream's version, as settled by ann on 2026-03-01".</summary>
    public string Describe()
    {
        var what = Describe(Answer);
        return this switch
        {
            ByRule rule => $"{what}, by {rule.Rule}",
            ByResolution { Resolution: var made } => $"{what}, as settled by {made.By} on {made.When.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)}",
            _ => what,
        };
    }

    /// <summary>An answer in words: "upstream's version".</summary>
    public static string Describe(DisputeAnswer answer) => answer switch
    {
        DisputeAnswer.Take { Side: DisputeSide.Base } => "the version before both changes",
        DisputeAnswer.Take { Side: DisputeSide.Client } => "the client's version",
        DisputeAnswer.Take => "upstream's version",
        _ => "a version of its own",
    };
}
