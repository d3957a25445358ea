namespace EtcSync.Core.Mergers.Layout;

/// <summary>The records that say where others belong: where a part of a file begins, and where it ends.</summary>
internal static class RecordPlaces
{
    /// <summary>Where a part ends that another one follows. Blank lines, and a comment between them and the next part, belong to that: who adds a part adds them with it.</summary>
    /// <param name="items">All up to the line that begins the next part.</param>
    public static int EndBeforeNext(List<LayoutItem> items)
    {
        var comment = items.FindLastIndex(item => item.Key is not null || FileText.IsBlank(item.Text)) + 1;
        var end = EndBeforeBlanks(items, comment);
        return end < comment ? end : items.Count;
    }

    /// <summary>Where the last part of a file ends: before the blank lines at its end.</summary>
    public static int EndOfLast(List<LayoutItem> items) => EndBeforeBlanks(items, items.Count);

    private static int EndBeforeBlanks(List<LayoutItem> items, int end)
    {
        while (end > 0 && items[end - 1].Key is null && FileText.IsBlank(items[end - 1].Text)) end--;
        return end;
    }

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
