using EtcSync.Core.Paths;

namespace EtcSync.Core.Etckeeper;

/// <summary>
/// What etckeeper writes of a live tree and what it leaves out: <c>find</c> and <c>filter_ignore</c> in
/// pre-commit.d/30store-metadata, with their quirks.
/// </summary>
/// <remarks>
/// The list of ignored paths comes from <c>git ls-files -oi</c> and is taken out with <c>grep -xFv</c>. Therefore:
/// ignored directories keep their records (the list has them with a slash); so do ignored files whose names git quotes
/// (<c>"caf\303\251"</c>), as it does by default (core.quotePath); and without a <c>.gitignore</c> nothing is taken out,
/// whatever other files say is ignored. Names with a line break are left out here: etckeeper would write two lines for
/// two paths that do not exist. So is what lies in the <c>.git</c> of a nested repository, which no tree can hold.
/// </remarks>
public static class EtckeeperFilter
{
    private static readonly string[] ForeignRepositories = [".bzr", ".hg", "_darcs"];

    /// <summary>Which spelling etckeeper uses for this tree.</summary>
    public static EtckeeperSpelling SpellingOf(IEnumerable<ObservedEntry> entries)
    {
        var (hasIgnoreFile, ignoresSomething) = (false, false);
        foreach (var entry in entries)
        {
            hasIgnoreFile |= entry.Path == ".gitignore";
            ignoresSomething |= entry.IsIgnored;
            if (hasIgnoreFile && ignoresSomething) return EtckeeperSpelling.Stripped;
        }

        return EtckeeperSpelling.DotSlash;
    }

    /// <summary>The record that etckeeper writes for this entry, or null if it writes none.</summary>
    /// <exception cref="ArgumentException">The entry's owner or group is not a name.</exception>
    public static EtckeeperRecord? RecordOf(ObservedEntry entry, EtckeeperSpelling spelling)
    {
        if (entry.Kind == ObservedKind.SymbolicLink || !CanBeNamed(entry.Path)) return null;
        // The spelling is "stripped" exactly where the list of ignored files is applied.
        var isFiltered = entry is { IsIgnored: true, Kind: ObservedKind.File } && spelling == EtckeeperSpelling.Stripped;
        if (isFiltered && !IsQuotedByGit(entry.Path)) return null;
        // etckeeper creates the file, or sets this mode, before it looks at the tree.
        var mode = entry.Path == EtckeeperFile.FileName ? EtckeeperFile.FileMode : entry.Mode & 0xFFF;
        return new(entry.Path, mode, entry.OwnerName, entry.GroupName);
    }

    /// <summary>Whether etckeeper writes a mkdir line for this entry.</summary>
    public static bool IsEmptyDirectory(ObservedEntry entry) =>
        entry is { Kind: ObservedKind.Directory, IsEmptyDirectory: true } && entry.Path != EtckeeperPath.Top && CanBeNamed(entry.Path);

    /// <summary>Whether etckeeper writes about this path at all, if nothing ignores it.</summary>
    public static bool CanBeNamed(string path)
    {
        if (!EtckeeperPath.IsValid(path)) return false;
        // Only the top is searched for other systems' directories: find -path ./.hg -prune.
        foreach (var name in ForeignRepositories)
        {
            if (path.StartsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[name.Length] == '/')) return false;
        }

        return true;
    }

    // git's quote_c_style: control characters, the quote, the backslash, DEL and all bytes outside ASCII.
    private static bool IsQuotedByGit(string path) =>
        path.AsSpan().ContainsAnyExceptInRange(' ', '~') || path.AsSpan().ContainsAny('"', '\\');
}
