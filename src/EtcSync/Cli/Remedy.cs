using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Setup;

namespace EtcSync.Cli;

/// <summary>What a person can do about a conflict: where the file is, how to look at it, how to settle it.</summary>
/// <param name="Files">The file on each client; none where the client has none.</param>
/// <param name="Look">Commands that show the two sides.</param>
/// <param name="Settle">Whole sentences that tell the next step.</param>
/// <param name="Rule">The policy rule with which the client keeps its own for good; null where none does.</param>
/// <param name="RuleFile">The file that the rule goes into.</param>
internal sealed record Remedy(IReadOnlyList<string> Files, IReadOnlyList<string> Look, string Settle, string? Rule, string RuleFile)
{
    /// <summary>The remedy of a conflict that these clients have.</summary>
    public static Remedy Of(Session session, Conflict conflict, IReadOnlyList<Client> clients)
    {
        var path = conflict.Path.Value;
        var names = clients.Select(client => client.Name.Value).ToList();
        IReadOnlyList<string> files = conflict.Client.Exists || conflict.Kind == ConflictKind.Untracked ? [.. clients.Select(client => $"{session.Workspace.CloneOf(client.Name)}/{path}")] : [];
        var look = new List<string>();
        if (conflict.Kind is not (ConflictKind.Unsupported or ConflictKind.BeingWritten)) look.Add(session.Next($"diff {names[0]} {State.SuggestedCommand.Quote(path)}"));
        if (conflict.Upstream.Exists && conflict.Upstream.Mode.IsRegular()) look.Add(session.Next($"git {names[0]} -- --no-pager show {conflict.Upstream.Id.Short}"));
        return new(files, look, Sentence(conflict) is var sentence && HasNextStep(conflict) ? $"{sentence} Then '{session.Next($"sync {string.Join(' ', names)}")}'." : sentence,
            HasRule(conflict) ? $"- {{path: {Yaml(path)}, clients: [{string.Join(", ", names)}], class: client}}" : null,
            Path.Combine(session.Locations.PolicyDirectory, SitePolicyTemplate.FileName));
    }

    /// <summary>All of it in sentences.</summary>
    public override string ToString() => Rule is null ? Settle : $"{Settle} To keep the client's for good, add this below 'rules:' in {RuleFile}: {Rule}";

    private static string Sentence(Conflict conflict) => conflict.Kind switch
    {
        ConflictKind.Content or ConflictKind.BothAdded =>
            "Edit the client's file so that its disputed lines are what upstream has (its other changes may stay), or commit a version upstream that has the client's lines.",
        ConflictKind.Binary => "Make the client's file the same as upstream's, or the other way round.",
        ConflictKind.DeletedByClient => $"Put {conflict.Path} back on the client as upstream has it, or delete it upstream.",
        ConflictKind.DeletedByUpstream when conflict.RenamedTo is { } renamed =>
            $"Make the client's change in {renamed}, where the file is now, and delete {conflict.Path} on the client.",
        ConflictKind.DeletedByUpstream => $"Delete {conflict.Path} on the client, or bring it back upstream.",
        ConflictKind.Type => $"Make {conflict.Path} on the client the same kind of thing as upstream's, or the other way round.",
        ConflictKind.Attribute => $"Give {conflict.Path} on the client the mode and owner that it has upstream, or the other way round.",
        ConflictKind.UnknownOwner => "Add the account to passwd or group, upstream or on the client, or give the path another owner upstream.",
        ConflictKind.Untracked => $"Move {conflict.Path} away on the client if upstream's version is to be there, or make it the same as upstream's.",
        ConflictKind.Unsupported => "Rename or remove it upstream; everything else is rolled out without it.",
        ConflictKind.Immutable => $"Take the attribute away on the server ('lsattr' shows it, 'chattr -i -a' removes it).",
        ConflictKind.HeldTogether => "Nothing is wrong with this path itself: it moves on as soon as the other one is settled.",
        ConflictKind.CheckFailed => "Correct what the check refuses, upstream or on the client.",
        ConflictKind.BeingWritten => "Nothing: it is merged next time.",
        _ => throw new ArgumentOutOfRangeException(nameof(conflict), conflict.Kind, "A conflict of an unknown kind."),
    };

    private static bool HasNextStep(Conflict conflict) => conflict.Kind is not (ConflictKind.HeldTogether or ConflictKind.BeingWritten);

    private static bool HasRule(Conflict conflict) =>
        conflict.Kind is ConflictKind.Content or ConflictKind.BothAdded or ConflictKind.Binary or ConflictKind.DeletedByClient or ConflictKind.DeletedByUpstream or ConflictKind.Immutable;

    private static string Yaml(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || "-_./+".Contains(c, StringComparison.Ordinal)) && path[0] is not '-'
        ? path
        : $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
