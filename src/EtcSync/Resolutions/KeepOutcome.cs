using EtcSync.Core.Git;
using EtcSync.Core.Resolutions;

namespace EtcSync.Resolutions;

/// <summary>What came of keeping resolutions.</summary>
internal abstract record KeepOutcome
{
    private KeepOutcome()
    {
    }

    /// <summary>They are kept.</summary>
    /// <param name="Commit">The commit that has them.</param>
    public sealed record Kept(ObjectId Commit) : KeepOutcome;

    /// <summary>Somebody has settled the same dispute otherwise in the meantime; nothing was kept.</summary>
    /// <param name="Standing">What stands.</param>
    public sealed record Overtaken(Resolution Standing) : KeepOutcome;
}

/// <summary>A resolution to keep, with what was in dispute.</summary>
internal sealed record NewResolution(Resolution Resolution, ContentsInDispute Contents);
