using System.Collections.Immutable;
using EtcSync.Core.Accounts;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>One account file on the two sides of a merge; null where it is not there.</summary>
/// <param name="Base">What both sides started from.</param>
/// <param name="Client">The client's.</param>
/// <param name="Upstream">Upstream's.</param>
public sealed record AccountFileVersions(byte[]? Base, byte[]? Client, byte[]? Upstream)
{
    /// <summary>Whether what it becomes is decided already (<see cref="Decided"/>): by its class, or because it is there on one side only.</summary>
    public bool IsDecided { get; init; }

    /// <summary>What it becomes, where that is decided.</summary>
    public byte[]? Decided { get; init; }

    /// <summary>Whether it has to be merged: both sides changed it, each in its own way.</summary>
    internal bool BothChanged => !Same(Client, Upstream) && !Same(Base, Upstream) && !Same(Base, Client);

    /// <summary>What it becomes where only one side changed it, or it is decided.</summary>
    internal byte[]? Result => IsDecided ? Decided : Same(Base, Client) ? Upstream : Client;

    private static bool Same(byte[]? one, byte[]? other) => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}

/// <summary>The account files on the two sides of a merge.</summary>
public sealed record AccountVersions
{
    /// <summary>The files; one that is not named is on no side.</summary>
    public required ImmutableDictionary<AccountFile, AccountFileVersions> Files { get; init; }

    /// <summary>The first number of a user that is no system account (UID_MIN of login.defs(5)).</summary>
    public uint FirstUser { get; init; } = LoginDefinitions.Default.FirstUser;

    /// <summary>The first number of a group that is no system account (GID_MIN of login.defs(5)).</summary>
    public uint FirstGroup { get; init; } = LoginDefinitions.Default.FirstGroup;

    /// <summary>The versions of a file.</summary>
    public AccountFileVersions Of(AccountFile file) => Files.GetValueOrDefault(file) ?? new(null, null, null);
}

/// <summary>A system account that both sides made, each with its own number: the client's takes upstream's, which files of the shared root carry.</summary>
/// <param name="File">passwd for a user, group for a group.</param>
/// <param name="Name">Its name, as a person can read it.</param>
/// <param name="From">The client's number.</param>
/// <param name="To">Upstream's number.</param>
public sealed record RenumberedAccount(AccountFile File, string Name, uint From, uint To)
{
    /// <summary>"The user 'postfix'".</summary>
    public string Title => $"The system {(File == AccountFile.Passwd ? "user" : "group")} '{Name}'";
}

/// <summary>Gives an answer for a record of one of the files, or null for none.</summary>
public delegate DisputeAnswer? AccountArbiter(AccountFile file, RecordDispute dispute);

/// <summary>What came of merging the account files.</summary>
/// <param name="Files">What each became. A file of which nothing remains is not in it.</param>
/// <param name="Renumbered">System accounts that have another number now.</param>
public sealed record AccountsMergeResult(ImmutableDictionary<AccountFile, ContentMergeResult> Files, ImmutableArray<RenumberedAccount> Renumbered)
{
    /// <summary>Whether every file has its content.</summary>
    public bool IsMerged => Files.Values.All(file => file is ContentMergeResult.Merged);
}
