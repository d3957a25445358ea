using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>What can be wrong with accounts.</summary>
internal enum AccountFaultKind
{
    /// <summary>A line is of no form that the system knows.</summary>
    Malformed,

    /// <summary>There is no root, or it is not the one that has every right, or it cannot log in.</summary>
    Root,

    /// <summary>A user whose password should be in shadow is not there.</summary>
    NoShadow,

    /// <summary>A user's primary group does not exist.</summary>
    NoPrimaryGroup,

    /// <summary>Several names have one number.</summary>
    SharedId,

    /// <summary>shadow knows somebody whom passwd does not know.</summary>
    NoUser,

    /// <summary>A group whose password should be in gshadow is not there.</summary>
    NoGroupShadow,

    /// <summary>gshadow knows a group that group does not know.</summary>
    NoGroup,
}

/// <summary>Something that is wrong with accounts.</summary>
/// <param name="Kind">What.</param>
/// <param name="File">The file in which it is put right.</param>
/// <param name="Names">The accounts, sorted; or whatever tells the fault from others of its kind.</param>
/// <param name="Message">A sentence; nothing of the content but names and numbers.</param>
internal sealed record AccountFault(AccountFaultKind Kind, AccountFile File, ImmutableArray<string> Names, string Message)
{
    /// <summary>For a shared number, the number.</summary>
    public uint Id { get; init; }

    /// <summary>Whether people can mean it, and systems run with it.</summary>
    public bool CanBeMeant => Kind is AccountFaultKind.SharedId or AccountFaultKind.NoUser or AccountFaultKind.NoGroupShadow or AccountFaultKind.NoGroup;

    /// <summary>What is wrong, in one word, and where.</summary>
    public string Subject => $"{Kind}:{File}";
}
