using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>What a comparison of exports means to a person.</summary>
internal static class ExportTableFindings
{
    private const int Shown = 3;

    /// <summary>Of exportfs's trial of our file: what it does not take as it is meant is a refusal.</summary>
    public static IEnumerable<ServerFinding> OfTrial(ExportTable table, string error)
    {
        if (table.IsAsMeant) return [];
        var said = ExportfsWords.Messages(error);
        return [new(ServerPart.Exports, FindingLevel.Refusal, $"exportfs, tried on the new file, does not take it as it is meant: {string.Join(' ', Sentences(table))}{(said.IsEmpty ? "" : $" It says: {string.Join("; ", said)}.")}", ExportsFiles.File)];
    }

    /// <summary>Right after exportfs was told: what it did not take is a refusal.</summary>
    public static IEnumerable<ServerFinding> OfReload(ExportTable table) => table.Missing.IsEmpty
        ? []
        : [new(ServerPart.Exports, FindingLevel.Refusal, $"exportfs did not take the new exports: it does not export {List(table.Missing)}.", ExportsFiles.File)];

    /// <summary>Of the running server.</summary>
    /// <param name="table">What its table has, compared with what is meant.</param>
    /// <param name="foreign">What other people's files export: said already, with file and line.</param>
    /// <param name="leftover">What the kernel still allows.</param>
    public static IEnumerable<ServerFinding> OfServer(ExportTable table, IEnumerable<ExportEntry> foreign, ImmutableArray<ExportEntry> leftover)
    {
        var known = foreign.Select(entry => entry.Directory).ToHashSet(StringComparer.Ordinal);
        if (!table.Missing.IsEmpty)
            yield return Warning($"The running server does not export {List(table.Missing)}. Say 'exportfs -ra', and read what it complains of.");
        foreach (var (entry, options) in table.Different)
            yield return Warning($"The running server exports {entry.Directory} to {entry.Client} with other options than it should ({options}): somebody else's line counts, or it was exported by hand. Say 'exportfs -ra' once such lines are gone.");
        foreach (var entry in table.Strange.Where(entry => !known.Contains(entry.Directory)))
            yield return Warning($"The running server exports {Quoted.Text(entry.Directory)} to {ExportClient.Parse(entry.Client).Describe()}, which no file says in these words: it was exported by hand, or through a link. 'exportfs -ra' ends what was exported by hand.");
        if (!leftover.IsEmpty)
            yield return Warning($"The kernel still lets clients use what is no longer exported: {List(leftover)}. Say 'exportfs -f'.");
    }

    private static IEnumerable<string> Sentences(ExportTable table)
    {
        if (!table.Missing.IsEmpty) yield return $"it would not export {List(table.Missing)}.";
        foreach (var (entry, options) in table.Different.Take(Shown)) yield return $"{entry.Directory} would be exported to {entry.Client} with other options ({options}).";
        if (!table.Strange.IsEmpty) yield return $"It would also export {List(table.Strange)}.";
    }

    private static string List(ImmutableArray<ExportEntry> entries) =>
        string.Join(", ", entries.Take(Shown).Select(entry => $"{Quoted.Text(entry.Directory)} to {(entry.Client.Length == 0 ? "everybody" : Quoted.Text(entry.Client))}")) + (entries.Length > Shown ? $" and {entries.Length - Shown} more" : "");

    private static ServerFinding Warning(string message) => new(ServerPart.Exports, FindingLevel.Warning, message);
}
