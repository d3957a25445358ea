using EtcSync.Core.Mergers;

namespace EtcSync.Resolutions;

/// <summary>The three versions of what is in dispute: a record's lines, a file's content, or where a link points; null for one that is not there.</summary>
internal sealed record ContentsInDispute(byte[]? Base, byte[]? Client, byte[]? Upstream)
{
    /// <summary>None is known.</summary>
    public static ContentsInDispute Unknown { get; } = new(null, null, null);

    /// <summary>One of them.</summary>
    public byte[]? Version(DisputeSide side) => side switch { DisputeSide.Base => Base, DisputeSide.Client => Client, _ => Upstream };
}
