using EtcSync.Core.Merging;

namespace EtcSync.Cli;

/// <summary>What a person can do about a conflict.</summary>
internal static class Remedy
{
    /// <summary>Whole sentences that tell the next step.</summary>
    public static string Of(Conflict conflict, IEnumerable<string> clients) => conflict.Kind switch
    {
        ConflictKind.Content or ConflictKind.BothAdded =>
            $"Give the disputed lines of {conflict.Path} on the client what upstream has (its other changes may stay), or commit a version upstream that has the client's lines. {Keep(conflict, clients)}",
        ConflictKind.Binary => $"Make {conflict.Path} on the client the same as upstream's, or the other way round. {Keep(conflict, clients)}",
        ConflictKind.DeletedByClient => $"Put {conflict.Path} back on the client as upstream has it, or delete it upstream. {Keep(conflict, clients)}",
        ConflictKind.DeletedByUpstream when conflict.RenamedTo is { } renamed =>
            $"Make the client's change in {renamed}, where the file is now, and delete {conflict.Path} on the client. {Keep(conflict, clients)}",
        ConflictKind.DeletedByUpstream => $"Delete {conflict.Path} on the client, or bring it back upstream. {Keep(conflict, clients)}",
        ConflictKind.Type => $"Make {conflict.Path} on the client the same kind of thing as upstream's, or the other way round.",
        ConflictKind.Attribute => $"Give {conflict.Path} on the client the mode and owner that it has upstream, or the other way round.",
        ConflictKind.UnknownOwner => "Add the account to passwd or group, upstream or on the client, or give the path another owner upstream.",
        ConflictKind.Untracked => $"Move {conflict.Path} away on the client if upstream's version is to be there, or make it the same as upstream's.",
        ConflictKind.Unsupported => "Rename or remove it upstream; everything else is rolled out without it.",
        ConflictKind.Immutable => $"Take the attribute away on the server ('lsattr' shows it, 'chattr -i -a' removes it); the next sync does the rest. {Keep(conflict, clients)}",
        ConflictKind.HeldTogether => "Nothing is wrong with this path itself: it moves on as soon as the other one is settled.",
        ConflictKind.BeingWritten => "Nothing: it is merged next time.",
        _ => throw new ArgumentOutOfRangeException(nameof(conflict), conflict.Kind, "A conflict of an unknown kind."),
    };

    private static string Keep(Conflict conflict, IEnumerable<string> clients) =>
        $"To keep the client's for good, a policy says so: '- {{path: {conflict.Path}, clients: [{string.Join(", ", clients)}], class: client}}'.";
}
