using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace EtcSync.State;

/// <summary>
/// Where everything is. With <c>--root DIR</c> every absolute path of the configuration lies below DIR: that is how
/// the demonstration and the tests run without touching the machine.
/// </summary>
internal sealed partial class Locations(string root)
{
    /// <summary>The directory that stands for "/", without a slash at its end; empty for the real root.</summary>
    public string Root { get; } = root is "" or "/" ? "" : Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>Whether this is a sandbox and not the machine itself.</summary>
    public bool IsSandbox => Root.Length > 0;

    /// <summary>Settings.</summary>
    public string SettingsFile => Map("/etc/etcsync/etcsync.yaml");

    /// <summary>Clients.</summary>
    public string InventoryFile => Map("/etc/etcsync/inventory.yaml");

    /// <summary>The site's policies.</summary>
    public string PolicyDirectory => Map("/etc/etcsync/policies");

    /// <summary>The file that an absolute path of the configuration means.</summary>
    public string Map(string absolute) => Root + absolute;

    /// <summary>The path as the configuration spells it.</summary>
    public string Unmap(string path) => IsSandbox && path.StartsWith(Root + "/", StringComparison.Ordinal) ? path[Root.Length..] : path;

    /// <summary>A command to type for this place: "etcsync --root DIR sync pc01".</summary>
    public string Command(string arguments) =>
        IsSandbox ? $"{SuggestedCommand.Program} --root {SuggestedCommand.Quote(Root)} {arguments}" : $"{SuggestedCommand.Program} {arguments}";

    /// <summary>
    /// A sentence whose commands can be typed as they stand. Sentences name commands as 'etcsync sync pc01', wherever they
    /// are made; what belongs to the place is added here, on their way to people.
    /// </summary>
    [return: NotNullIfNotNull(nameof(sentence))]
    public string? Pasteable(string? sentence) => sentence is null ? null : Suggestion().Replace(sentence, match => $"'{Command(match.Groups["verb"].Value)}");

    [GeneratedRegex("'etcsync (?<verb>[a-z])", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Suggestion();
}
