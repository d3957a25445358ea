using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Core.Etckeeper;

/// <summary>Paths as a <c>.etckeeper</c> has them: those of <see cref="RepoPath"/>, and "." for the top.</summary>
internal static class EtckeeperPath
{
    /// <summary>The top of the repository, which has a record like any other directory.</summary>
    public const string Top = ".";

    /// <summary>Whether a line can name it: a path inside the repository (or its top) without a line break.</summary>
    public static bool IsValid(string path) => path == Top || (RepoPath.TryParse(path, out _) && !path.Contains('\n'));

    /// <summary>The same rule on bytes, for the parser, without making a string first.</summary>
    public static bool IsValid(ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("."u8)) return true;
        if (path.IndexOfAny((byte)0, (byte)'\n') >= 0) return false;
        while (true)
        {
            var slash = path.IndexOf((byte)'/');
            if (!IsComponent(slash < 0 ? path : path[..slash])) return false;
            if (slash < 0) return true;
            path = path[(slash + 1)..];
        }
    }

    /// <summary>Byte order, as <c>LC_COLLATE=C sort</c> and git's index have it.</summary>
    public static int Compare(string left, string right)
    {
        var shared = left.AsSpan().CommonPrefixLength(right);
        if (shared == left.Length || shared == right.Length) return left.Length - right.Length;
        char l = left[shared], r = right[shared];
        // From the surrogates on, UTF-16 and bytes sort differently; that is rare, and GitName knows.
        return l < '\uD800' && r < '\uD800' ? l - r : GitName.Compare(left, right);
    }

    /// <summary>Where the path stands in the sorted items, or the complement of where it would stand.</summary>
    public static int Search<T>(ReadOnlySpan<T> items, string path, Func<T, string> pathOf, int from = 0)
    {
        var (low, high) = (from, items.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Compare(pathOf(items[middle]), path);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    /// <summary>The items strictly below a directory: start and length of their range.</summary>
    public static (int Start, int Length) Below<T>(ReadOnlySpan<T> items, string directory, Func<T, string> pathOf)
    {
        var prefix = directory + "/";
        var start = Search(items, prefix, pathOf);
        if (start < 0) start = ~start;
        var end = start;
        while (end < items.Length && pathOf(items[end]).StartsWith(prefix, StringComparison.Ordinal)) end++;
        return (start, end - start);
    }

    /// <summary>The directory that holds it, or null where that is the top.</summary>
    public static string? Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : null;

    /// <summary>
    /// The sorted items with edits made: one that has an item puts it there, one without takes away what is there. What
    /// lies between the edits is copied as a block.
    /// </summary>
    public static ImmutableArray<T> Apply<T>(ImmutableArray<T> items, SortedDictionary<string, T?> edits, Func<T, string> pathOf)
        where T : class
    {
        if (edits.Count == 0) return items;
        var result = ImmutableArray.CreateBuilder<T>(items.Length + edits.Count);
        var next = 0;
        foreach (var (path, item) in edits)
        {
            var at = Search(items.AsSpan(), path, pathOf, next);
            var position = at < 0 ? ~at : at;
            result.AddRange(items.AsSpan()[next..position]);
            if (item is not null) result.Add(item);
            next = at < 0 ? position : position + 1;
        }

        result.AddRange(items.AsSpan()[next..]);
        return result.DrainToImmutable();
    }

    /// <summary>An empty set of edits for <see cref="Apply"/>.</summary>
    public static SortedDictionary<string, T?> NoEdits<T>()
        where T : class => new(ByteOrder);

    /// <summary><see cref="Compare"/> as a comparer.</summary>
    public static IComparer<string> ByteOrder { get; } = Comparer<string>.Create(Compare);

    private static bool IsComponent(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 255) return false;
        if (name[0] != '.' || name.Length > 4) return true;
        return !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !System.Text.Ascii.EqualsIgnoreCase(name, ".git"u8);
    }
}
