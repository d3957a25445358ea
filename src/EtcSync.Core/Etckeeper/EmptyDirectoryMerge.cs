using System.Collections.Immutable;

namespace EtcSync.Core.Etckeeper;

/// <summary>The three-way merge of sorted sets: what a side added is in, what a side removed is out.</summary>
internal static class EmptyDirectoryMerge
{
    /// <summary>Merges the sets.</summary>
    public static ImmutableArray<string> Merge(ReadOnlySpan<string> ancestor, ReadOnlySpan<string> ours, ReadOnlySpan<string> theirs)
    {
        var result = ImmutableArray.CreateBuilder<string>(Math.Max(ours.Length, theirs.Length) + 4);
        int a = 0, o = 0, t = 0;
        while (o < ours.Length || t < theirs.Length)
        {
            var order = o == ours.Length ? 1 : t == theirs.Length ? -1 : EtckeeperPath.Compare(ours[o], theirs[t]);
            var path = order <= 0 ? ours[o] : theirs[t];
            while (a < ancestor.Length && EtckeeperPath.Compare(ancestor[a], path) < 0) a++;
            var was = a < ancestor.Length && ancestor[a] == path;
            // On both sides; or on one, which added it.
            if (order == 0 || !was) result.Add(path);
            if (order <= 0) o++;
            if (order >= 0) t++;
        }

        return result.DrainToImmutable();
    }
}
