namespace EtcSync.Core.Git;

/// <summary>The kinds of git objects, with libgit2's numbers (git_object_t).</summary>
public enum ObjectType
{
    /// <summary>A commit.</summary>
    Commit = 1,

    /// <summary>A tree.</summary>
    Tree = 2,

    /// <summary>A blob.</summary>
    Blob = 3,

    /// <summary>An annotated tag.</summary>
    Tag = 4,
}

/// <summary>What git calls the object types.</summary>
public static class ObjectTypeNames
{
    /// <summary>The keyword in an object's header.</summary>
    public static string Keyword(this ObjectType type) => type switch
    {
        ObjectType.Commit => "commit",
        ObjectType.Tree => "tree",
        ObjectType.Blob => "blob",
        ObjectType.Tag => "tag",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a git object type."),
    };
}
