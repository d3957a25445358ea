using System.Collections.Frozen;

namespace EtcSync.Core.Mergers.Ini;

/// <summary>
/// Files of sections as NetworkManager, pacman and many others read them: a key may stand alone (<c>Color</c>), and a value has one
/// line. What only some of the programs understand (a value that goes on in an indented line, a section that is there twice) is
/// left to the merge by line.
/// </summary>
internal sealed class PlainIniFormat : IniFormat
{
    // pacman.conf(5). Servers are tried in the order in which they stand.
    private static readonly FrozenSet<string> Lists = FrozenSet.ToFrozenSet(
        ["CacheDir", "CacheServer", "HoldPkg", "HookDir", "IgnoreGroup", "IgnorePkg", "Include", "NoExtract", "NoUpgrade", "Server"], StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string? FindProblem(string section, string line, string name)
    {
        if (name.Length == 0) return "has no key before the equals sign";
        if (line[0] is ' ' or '\t') return "is indented, which some programs take for a part of the line above";
        return line.TrimEnd('\r').EndsWith('\\') ? "ends with a backslash, which some programs take for a sign that it goes on" : null;
    }

    /// <inheritdoc/>
    protected override bool IsList(string section, string name) => Lists.Contains(name);
}
