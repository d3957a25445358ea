using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;
using EtcSync.Setup;
using EtcSync.State;

namespace EtcSync.Cli;

/// <summary>A command that settles a conflict, and what it does.</summary>
internal sealed record RemedyCommand(string Command, string Meaning);

/// <summary>What a person can do about a dispute: which commands settle it, where the file is, how to look at it.</summary>
/// <param name="Commands">Commands that settle it; none where something else has to be done first.</param>
/// <param name="Sentence">Whole sentences that tell how to settle it by hand.</param>
/// <param name="Files">The file on each client; none where the client has none.</param>
/// <param name="Look">Commands that show the two sides.</param>
/// <param name="Rule">The policy rule with which the client keeps its own for good; null where none does.</param>
/// <param name="RuleFile">The file that the rule goes into.</param>
internal sealed record Remedy(
    IReadOnlyList<RemedyCommand> Commands, string Sentence, IReadOnlyList<string> Files, IReadOnlyList<string> Look, string? Rule, string RuleFile)
{
    // More names make a command that nobody reads; without names it is for all.
    private const int MostNamed = 5;

    /// <summary>The command with which a client gives up everything that it changed in the path; null where that is no answer.</summary>
    public RemedyCommand? Drop { get; init; }

    /// <summary>The remedy of a dispute that these clients have.</summary>
    public static Remedy Of(Session session, DisputeView dispute)
    {
        var (conflict, path) = (dispute.Conflict, dispute.Key.Path.Value);
        List<string> names = [.. dispute.Names];
        IReadOnlyList<string> files = conflict.Client.Exists || conflict.Kind == ConflictKind.Untracked ? [.. names.Select(name => $"{session.Workspace.CloneOf(ClientName.Parse(name))}/{path}")] : [];
        var look = new List<string>();
        if (conflict.Kind is not (ConflictKind.Unsupported or ConflictKind.BeingWritten)) look.Add(session.Next($"diff {names[0]} {SuggestedCommand.Quote(path)}"));
        if (conflict.Upstream.Exists && conflict.Upstream.Mode.IsRegular()) look.Add(session.Next($"git {names[0]} -- --no-pager show {conflict.Upstream.Id.Short}"));
        var sentence = OfHand(conflict);
        if (HasNextStep(conflict)) sentence += $" Then '{session.Next(names.Count > MostNamed ? "sync" : $"sync {string.Join(' ', names)}")}'.";
        if (conflict.IsSettleable) sentence = $"{(names.Count > 1 ? $"An answer is for {(names.Count == 2 ? "both" : $"all {names.Count}")} clients; '--client NAME' limits it. " : "")}By hand: {sentence}";
        return new(conflict.IsSettleable ? [.. Settling(session, dispute)] : [], sentence, files, look,
            HasRule(conflict) ? KeepRule(dispute.Key, names) : null,
            Path.Combine(session.Locations.PolicyDirectory, SitePolicyTemplate.FileName))
        {
            Drop = HasLines(conflict) || conflict.Kind is ConflictKind.Binary or ConflictKind.DeletedByClient
                ? new(session.Next($"override drop {names[0]} {SuggestedCommand.Quote(path)}"), $"Gives {names[0]} upstream's whole file, without anything that the client changed in it.")
                : null,
        };
    }

    /// <summary>The remedy of a conflict between a layer and upstream.</summary>
    public static Remedy OfLayer(Session session, string group) =>
        new([], $"The layer's version stands. Settle it in the layer, or upstream: '{session.Next($"layer edit group/{group}")}'.", [], [], null, "");

    /// <summary>All of it in sentences.</summary>
    public override string ToString()
    {
        var settle = string.Concat(Commands.Select(command => $"'{command.Command}': {command.Meaning} ")) + Sentence;
        return Rule is null ? settle : $"{settle} To keep the client's for good, add this below 'rules:' in {RuleFile}: {Rule}";
    }

    private static IEnumerable<RemedyCommand> Settling(Session session, DisputeView dispute)
    {
        var (conflict, id) = (dispute.Conflict, dispute.Key.Id);
        // A version that a check refused is not made good by taking it.
        if (conflict.Kind != ConflictKind.CheckFailed) yield return Resolve("--take upstream", $"Takes {Version("upstream's", conflict.Upstream)}.");
        yield return Resolve("--take client", $"Keeps {Version("the client's", conflict.Client)}.");
        if (conflict.Kind == ConflictKind.CheckFailed) yield return Resolve("--file FILE", "Takes that file, if the check accepts it.");
        if (HasLines(conflict)) yield return Resolve("--edit", "Opens both sides in an editor, for an answer of your own.");

        string Version(string whose, FileVersion version) => version.Exists ? $"{whose} version of what is in dispute" : $"{whose} side, which has no such file";

        RemedyCommand Resolve(string how, string meaning) => new(session.Next($"resolve {id} {how}"), meaning);
    }

    private static bool HasLines(Conflict conflict) => conflict.Kind is ConflictKind.Content or ConflictKind.BothAdded && conflict.Client.Mode.IsRegular();

    private static string OfHand(Conflict conflict) => conflict.Kind switch
    {
        ConflictKind.Content or ConflictKind.BothAdded when HasLines(conflict) =>
            "Edit the client's file so that its disputed lines are what upstream has (its other changes may stay), or commit a version upstream that has the client's lines.",
        ConflictKind.Binary or ConflictKind.Content or ConflictKind.BothAdded => "Make the client's file the same as upstream's, or the other way round.",
        ConflictKind.DeletedByClient => $"Put {conflict.Path} back on the client as upstream has it, or delete it upstream.",
        ConflictKind.DeletedByUpstream when conflict.RenamedTo is { } renamed =>
            $"Make the client's change in {renamed}, where the file is now, and delete {conflict.Path} on the client.",
        ConflictKind.DeletedByUpstream => $"Delete {conflict.Path} on the client, or bring it back upstream.",
        ConflictKind.Type => $"Make {conflict.Path} on the client the same kind of thing as upstream's, or the other way round.",
        ConflictKind.Attribute => $"Give {conflict.Path} on the client the mode and owner that it has upstream, or the other way round.",
        ConflictKind.UnknownOwner => "Add the account to passwd or group, upstream or on the client, or give the path another owner upstream.",
        ConflictKind.Untracked => $"Move {conflict.Path} away on the client if upstream's version is to be there, or make it the same as upstream's.",
        ConflictKind.Unsupported => "Rename or remove it upstream; everything else is rolled out without it.",
        ConflictKind.Immutable => "Take the attribute away on the server ('lsattr' shows it, 'chattr -i -a' removes it).",
        ConflictKind.HeldTogether => "Nothing is wrong with this path itself: it moves on as soon as the other one is settled.",
        ConflictKind.CheckFailed => "Correct what the check refuses, upstream or on the client.",
        ConflictKind.BeingWritten => "Nothing: it is merged next time.",
        _ => throw new ArgumentOutOfRangeException(nameof(conflict), conflict.Kind, "A conflict of an unknown kind."),
    };

    private static bool HasNextStep(Conflict conflict) => conflict.Kind is not (ConflictKind.HeldTogether or ConflictKind.BeingWritten);

    private static bool HasRule(Conflict conflict) =>
        conflict.Kind is ConflictKind.Content or ConflictKind.BothAdded or ConflictKind.Binary or ConflictKind.DeletedByClient or ConflictKind.DeletedByUpstream or ConflictKind.Immutable;

    // Of a record only the record: the rest of such a file (accounts, mounts) has to go on following upstream.
    private static string? KeepRule(DisputeKey key, List<string> names)
    {
        var path = Pattern(key.Path.Value);
        var clients = $"clients: [{string.Join(", ", names)}]";
        if (key.Record is not { } record) return $"- {{path: {Yaml(path)}, {clients}, class: client}}";
        return path.Contains('#', StringComparison.Ordinal) ? null : $"- {{path: {Yaml($"{path}#{Pattern(record)}")}, {clients}, on-conflict: client}}";
    }

    // A name in which nothing is a wildcard.
    private static string Pattern(string name) => string.Concat(name.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));

    private static string Yaml(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || "-_./+".Contains(c, StringComparison.Ordinal)) && path[0] is not '-'
        ? path
        : $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
