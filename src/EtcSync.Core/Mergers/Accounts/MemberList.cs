namespace EtcSync.Core.Mergers.Accounts;

/// <summary>Merges a field that is a set of names with commas between them.</summary>
internal static class MemberList
{
    /// <summary>The names that are in both, and what either added; in upstream's order, the client's additions last. Null where it is no set.</summary>
    public static string? Merge(string? ancestor, string client, string upstream)
    {
        if (Read(ancestor ?? "") is not { } before || Read(client) is not { } ours || Read(upstream) is not { } theirs) return null;
        var (was, here, there) = (before.ToHashSet(StringComparer.Ordinal), ours.ToHashSet(StringComparer.Ordinal), theirs.ToHashSet(StringComparer.Ordinal));
        return string.Join(',', theirs.Where(name => here.Contains(name) || !was.Contains(name)).Concat(ours.Where(name => !was.Contains(name) && !there.Contains(name))));
    }

    private static string[]? Read(string text)
    {
        if (text.Length == 0) return [];
        var names = text.Split(',');
        return names.Contains("") || names.Distinct(StringComparer.Ordinal).Count() != names.Length ? null : names;
    }
}
