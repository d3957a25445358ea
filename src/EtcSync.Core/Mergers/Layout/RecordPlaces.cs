namespace EtcSync.Core.Mergers.Layout;

/// <summary>The order of the records that say where others belong.</summary>
internal static class RecordPlaces
{
    /// <summary>Why records cannot be put where they belong: the places that versions have in common are in another order. Null if they are in the same.</summary>
    /// <param name="files">The versions.</param>
    /// <param name="isPlace">Whether the record of a key is such a place.</param>
    /// <param name="name">What these places are, as people call them: "sections".</param>
    public static string? FindDoubt(ThreeFiles files, Func<string, bool> isPlace, string name)
    {
        var (ancestor, client, upstream) = (Places(files.Base), Places(files.Client), Places(files.Upstream));
        return InSameOrder(ancestor, client) && InSameOrder(ancestor, upstream) && InSameOrder(client, upstream) ? null : $"The versions have their {name} in another order.";

        List<string> Places(RecordFile file) => [.. file.Items.Select(item => item.Key).OfType<string>().Where(isPlace)];
    }

    private static bool InSameOrder(List<string> one, List<string> other)
    {
        var (left, right) = (one.ToHashSet(StringComparer.Ordinal), other.ToHashSet(StringComparer.Ordinal));
        return one.Where(right.Contains).SequenceEqual(other.Where(left.Contains));
    }
}
