using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Conflicts;

/// <summary>What is said in words about the versions of a dispute.</summary>
internal static class DisputeWords
{
    private const string NotThere = "not there";

    /// <summary>Whether it is the content of files that the sides disagree about.</summary>
    public static bool IsAboutContent(Conflict conflict) => conflict.Kind is ConflictKind.Content or ConflictKind.Binary or ConflictKind.BothAdded
            or ConflictKind.DeletedByClient or ConflictKind.DeletedByUpstream or ConflictKind.CheckFailed or ConflictKind.Immutable
        && new[] { conflict.Base, conflict.Client, conflict.Upstream }.All(version => !version.Exists || version.Mode.IsRegular());

    /// <summary>What the three versions are.</summary>
    public static ImmutableArray<DisputedVersion> Versions(Conflict conflict, RecordDispute? record, ContentsInDispute contents, bool isSecret, string side)
    {
        if (record is not null) return [new("base", Record(contents.Base)), new(side, Record(contents.Client)), new("upstream", Record(contents.Upstream))];
        return [new("base", File(conflict.Base, contents.Base)), new(side, File(conflict.Client, contents.Client)), new("upstream", File(conflict.Upstream, contents.Upstream))];

        string File(FileVersion version, byte[]? content) => version.Mode switch
        {
            EntryMode.None => NotThere,
            EntryMode.SymbolicLink when content is not null && !isSecret => $"a symbolic link to {GitName.Decode(content)}",
            EntryMode.SymbolicLink => "a symbolic link",
            EntryMode.GitLink => "a nested repository",
            EntryMode.Directory => "a directory",
            var mode => (mode == EntryMode.Executable ? "an executable file" : "a file") + (content is null ? "" : $" of {Size(content)}"),
        };
    }

    /// <summary>How versions differ whose content is secret.</summary>
    public static string Secret(ContentsInDispute contents, string side)
    {
        const string Hidden = "The content is secret and not shown.";
        if (contents is { Client: { } client, Upstream: { } upstream, Base: null }) return $"{Hidden} The {side}'s version differs from upstream's{InLines(client, upstream)}.";
        List<string> differences = [];
        if (contents is { Base: { } before, Client: { } own }) differences.Add($"the {side}'s version differs{InLines(before, own)}");
        if (contents is { Base: { } ancestor, Upstream: { } theirs }) differences.Add($"upstream's{(differences.Count == 0 ? " version" : "")} differs{InLines(ancestor, theirs)}");
        return differences.Count == 0 ? Hidden : $"{Hidden} From the base, {string.Join(", ", differences)}.";
    }

    /// <summary>Why no lines are shown; null where the versions say it all.</summary>
    public static string? NotShown(Conflict conflict, ContentsInDispute contents)
    {
        // Of a binary conflict the reason says so.
        if (!IsAboutContent(conflict) || conflict.Kind == ConflictKind.Binary) return null;
        byte[][] there = [.. new[] { contents.Base, contents.Client, contents.Upstream }.OfType<byte[]>()];
        if (there.Length == 0) return null;
        return there.Any(content => TextMerge.IsBinary(content)) ? "It is not text." : "It is too long to be shown here.";
    }

    private static string Record(byte[]? lines) => lines is null ? NotThere : Lines(lines);

    private static string Size(byte[] content) =>
        TextMerge.IsBinary(content) ? Words.Count(content.Length, "byte") : $"{Words.Count(content.Length, "byte")}, {Lines(content)}";

    private static string Lines(byte[] content) => Words.Count(TextVersion.Of(content)?.Count ?? 0, "line");

    // "", or " in 3 lines".
    private static string InLines(byte[] one, byte[] other)
    {
        if (one.AsSpan().SequenceEqual(other)) return " in nothing";
        if (TextMerge.IsBinary(one) || TextMerge.IsBinary(other)) return "";
        return $" in {Words.Count(LineDiff.Compute(one, other).Sum(change => Math.Max(change.BeforeCount, change.AfterCount)), "line")}";
    }
}
