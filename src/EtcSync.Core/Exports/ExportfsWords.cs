using System.Collections.Immutable;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>
/// What exportfs says on standard error. It ends with status 1 for a name in somebody else's line that nobody knows, and with 0 after
/// warnings that matter, so what it says counts and not its status. A message goes on in lines that begin with a blank.
/// </summary>
internal static class ExportfsWords
{
    private const string Program = "exportfs: ";

    // About how lines are written, and not about what they do.
    private static readonly string[] Style = ["Neither 'subtree_check' or 'no_subtree_check'", "No options for ", "No host name given with "];

    /// <summary>The messages that matter, each on one line.</summary>
    public static ImmutableArray<string> Messages(string error)
    {
        var messages = new List<string>();
        foreach (var line in error.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
        {
            var text = line.StartsWith(Program, StringComparison.Ordinal) ? line[Program.Length..] : line;
            if (messages.Count > 0 && text[0] is ' ' or '\t') messages[^1] += " " + text.Trim();
            else messages.Add(text);
        }

        return [.. messages.Where(message => !Style.Any(style => message.Contains(style, StringComparison.Ordinal))).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What a person should know of it: a warning where it is about our directories, a note where it is about others'.</summary>
    public static IEnumerable<ServerFinding> Findings(string error, IReadOnlyCollection<string> places) => Messages(error).Select(message =>
        message.Contains("can't open /etc/exports ", StringComparison.Ordinal)
            ? new ServerFinding(ServerPart.Exports, FindingLevel.Note, "There is no /etc/exports, and exportfs complains each time. Make an empty one.")
            : new ServerFinding(ServerPart.Exports, IsAbout(message, places) ? FindingLevel.Warning : FindingLevel.Note, $"exportfs says: {message}{Remedy(message)}"));

    private static bool IsAbout(string message, IReadOnlyCollection<string> places) =>
        message.Contains(ExportsFiles.File, StringComparison.Ordinal) || places.Any(place => message.Contains(place, StringComparison.Ordinal));

    private static string Remedy(string message) => message switch
    {
        _ when message.Contains("requires fsid=", StringComparison.Ordinal) => ". Move it to a file system that NFS can tell from others, such as ext4, XFS or btrfs.",
        _ when message.Contains("does not support NFS export", StringComparison.Ordinal) => ". NFS cannot export this kind of file system: move it to ext4, XFS or btrfs.",
        _ when message.Contains("duplicated export entries", StringComparison.Ordinal) => ". The first one counts: /etc/exports is read before /etc/exports.d. Remove the other.",
        _ => "",
    };
}
