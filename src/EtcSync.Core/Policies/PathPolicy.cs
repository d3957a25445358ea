namespace EtcSync.Core.Policies;

/// <summary>Who owns a path.</summary>
public enum PathClass
{
    /// <summary>Merged three-way. The default.</summary>
    Merge,

    /// <summary>The client's: upstream never changes it once it exists.</summary>
    Client,

    /// <summary>Upstream's: the client's changes are committed, then put back.</summary>
    Upstream,

    /// <summary>Nobody's: neither committed nor touched.</summary>
    Local,

    /// <summary>Bound to the shared root: copied from upstream's tree whenever it changes there.</summary>
    ShadowOfRoot,
}

/// <summary>What a conflict stops.</summary>
public enum HoldScope
{
    /// <summary>The path, and what is held together with it. The default.</summary>
    Path,

    /// <summary>Everything of the client.</summary>
    Client,
}

/// <summary>What the policies say about one path of one client; each property with the rule that decided it, null for the default.</summary>
public sealed record PathPolicy
{
    /// <summary>What holds where no rule says anything.</summary>
    public static PathPolicy Default { get; } = new();

    /// <summary>Who owns the path.</summary>
    public PathClass Class { get; init; }

    /// <summary>The rule that decided <see cref="Class"/>.</summary>
    public PolicySource? ClassSource { get; init; }

    /// <summary>What a conflict in the path stops.</summary>
    public HoldScope Hold { get; init; }

    /// <summary>The rule that decided <see cref="Hold"/>.</summary>
    public PolicySource? HoldSource { get; init; }

    /// <summary>The name of the set with which the path is held; null for none.</summary>
    public string? Together { get; init; }

    /// <summary>The rule that decided <see cref="Together"/>.</summary>
    public PolicySource? TogetherSource { get; init; }

    /// <summary>Whether no report may show the path's content.</summary>
    public bool Secret { get; init; }

    /// <summary>The rule that decided <see cref="Secret"/>.</summary>
    public PolicySource? SecretSource { get; init; }
}

/// <summary>A file that belongs to the shared root and is copied to the clients.</summary>
/// <param name="Path">The file, relative to /etc.</param>
/// <param name="Sources">What it is made from: a client that overrides one of these paths gets no copy.</param>
/// <param name="Source">The rule that says so.</param>
public sealed record ShadowFile(string Path, System.Collections.Immutable.ImmutableArray<PathGlob> Sources, PolicySource Source)
{
    /// <summary>Whether an override of this path means that the client makes the file for itself.</summary>
    public bool IsMadeFrom(string path) => Sources.Any(glob => glob.IsMatch(path));
}
