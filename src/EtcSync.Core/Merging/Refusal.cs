using System.Collections.Immutable;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>What a check said of a path: it may not become what the merge would make of it.</summary>
/// <param name="Words">What is wrong with it, in whole sentences.</param>
/// <param name="Versions">The versions that were refused. Another one comes only from a person who answers with new content.</param>
public sealed record Refusal(string Words, ImmutableHashSet<FileVersion> Versions)
{
    /// <summary>A refusal of one version.</summary>
    public static Refusal Of(string words, FileVersion version) => new(words, [version]);

    /// <summary>Both refusals; the later one's words.</summary>
    public Refusal With(Refusal later) => new(later.Words, Versions.Union(later.Versions));

    /// <summary>Adds a refusal to those of the same path that are known.</summary>
    /// <returns>All of them together; null where it says nothing new.</returns>
    public static Refusal? AddTo(Refusal? known, Refusal later)
    {
        if (known is null) return later;
        return known.Versions.IsSupersetOf(later.Versions) ? null : known.With(later);
    }
}
