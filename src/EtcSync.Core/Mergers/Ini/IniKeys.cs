namespace EtcSync.Core.Mergers.Ini;

/// <summary>
/// The keys of the records in a file of sections: <c>[Section]</c> for the line that begins one, <c>[Section] Key</c> for what stands
/// in it, <c>Key</c> for what stands before the first. The place where a section ends is a record without text, so that what is added
/// to a section cannot come to stand in the next one. Names of sections have no brackets, and a line has no line feed in it.
/// </summary>
internal static class IniKeys
{
    /// <summary>What stands before the first section.</summary>
    public const string NoSection = "";

    private const char Place = '\n';

    /// <summary>The key of the line that begins a section, which may do so several times.</summary>
    public static string Header(string section, int occurrence) => $"[{section}]{Place}{occurrence}";

    /// <summary>The key of the place where a section ends.</summary>
    public static string End(string section, int occurrence) => $"[{section}]{Place}end {occurrence}";

    /// <summary>The key of a value.</summary>
    public static string Value(string section, string name) => section.Length == 0 ? name : $"[{section}] {name}";

    /// <summary>Whether it is the key of a place: where a section begins or ends.</summary>
    public static bool IsPlace(string key) => key.Contains(Place, StringComparison.Ordinal);

    /// <summary>The section that a key belongs to.</summary>
    public static string SectionOf(string key) => key[0] == '[' ? key[1..key.IndexOf(']', StringComparison.Ordinal)] : NoSection;

    /// <summary>The name of a value in its section.</summary>
    public static string NameOf(string key) => key[0] == '[' ? key[(key.IndexOf(']', StringComparison.Ordinal) + 2)..] : key;
}
