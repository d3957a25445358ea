using System.Collections.Immutable;
using EtcSync.Core.Paths;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>One of the four files in which accounts are kept: passwd(5), shadow(5), group(5), gshadow(5).</summary>
public sealed class AccountFile
{
    /// <summary>The field of a password, in all four.</summary>
    internal const int PasswordField = 1;

    /// <summary>The field of the number, in passwd and group.</summary>
    internal const int IdField = 2;

    /// <summary>The field of the primary group, in passwd.</summary>
    internal const int PrimaryGroupField = 3;

    /// <summary>The field of the shell, in passwd.</summary>
    internal const int ShellField = 6;

    /// <summary>The field of the day of the last change of the password, in shadow.</summary>
    internal const int LastChangeField = 2;

    private AccountFile(string name, ImmutableArray<string> fields, ImmutableArray<int> lists)
    {
        Name = name;
        Path = RepoPath.Parse(name);
        FieldNames = fields;
        ListFields = lists;
    }

    /// <summary>The users.</summary>
    public static AccountFile Passwd { get; } = new("passwd", ["name", "password", "user id", "group id", "comment", "home directory", "shell"], []);

    /// <summary>The users' passwords.</summary>
    public static AccountFile Shadow { get; } = new(
        "shadow", ["name", "password", "date of the last change", "minimum age", "maximum age", "warning period", "inactivity period", "expiry date", "reserved field"], []);

    /// <summary>The groups.</summary>
    public static AccountFile Group { get; } = new("group", ["name", "password", "group id", "members"], [3]);

    /// <summary>The groups' passwords.</summary>
    public static AccountFile Gshadow { get; } = new("gshadow", ["name", "password", "administrators", "members"], [2, 3]);

    /// <summary>All four.</summary>
    public static ImmutableArray<AccountFile> All { get; } = [Passwd, Shadow, Group, Gshadow];

    /// <summary>Its name in /etc.</summary>
    public string Name { get; }

    /// <summary>Its path.</summary>
    public RepoPath Path { get; }

    /// <summary>What its fields are called, in words.</summary>
    internal ImmutableArray<string> FieldNames { get; }

    /// <summary>The fields that are sets of names with commas between them.</summary>
    internal ImmutableArray<int> ListFields { get; }

    /// <summary>Whether its records have numbers.</summary>
    internal bool HasIds => this == Passwd || this == Group;

    /// <summary>The file of passwords that belongs to it, or whose passwords it has.</summary>
    internal AccountFile Partner => this == Passwd ? Shadow : this == Shadow ? Passwd : this == Group ? Gshadow : Group;

    /// <summary>The file of this path; null for any other path.</summary>
    public static AccountFile? Find(RepoPath path)
    {
        foreach (var file in All)
        {
            if (file.Path == path) return file;
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
