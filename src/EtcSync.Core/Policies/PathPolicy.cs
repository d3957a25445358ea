using System.Collections.Immutable;

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

/// <summary>What happens to a conflict of which nobody has said yet how it is settled.</summary>
public enum ConflictAnswer
{
    /// <summary>It is held until a person settles it. The default.</summary>
    Hold,

    /// <summary>The client keeps its version.</summary>
    Client,

    /// <summary>The client takes upstream's version.</summary>
    Upstream,
}

/// <summary>What a check that cannot be run means.</summary>
public enum UncheckedAnswer
{
    /// <summary>The merge is applied without it, and that is reported. The default.</summary>
    Apply,

    /// <summary>What it should have checked is held.</summary>
    Hold,
}

/// <summary>A program of the shared root that looks at the merged tree before it is applied.</summary>
/// <param name="Program">The program: a path in the shared root, or a name that is looked for in its directories of programs.</param>
/// <param name="Arguments">Its arguments; no shell looks at them.</param>
public sealed record CheckCommand(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>As a person would type it.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program));

    /// <summary>Compares by content.</summary>
    public bool Equals(CheckCommand? other) => other is not null && Program == other.Program && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Program, Arguments.Length);
}

/// <summary>An <c>on-conflict</c> for records of a path.</summary>
internal sealed record RecordRule(NamePattern Record, int Order, ConflictAnswer Answer, PolicySource Source);

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

    /// <summary>The name of the merger (see <see cref="Mergers.ContentMergers"/>).</summary>
    public string Merger { get; init; } = Mergers.ContentMergers.Text;

    /// <summary>The rule that decided <see cref="Merger"/>.</summary>
    public PolicySource? MergerSource { get; init; }

    /// <summary>What happens to a conflict in the path.</summary>
    public ConflictAnswer OnConflict { get; init; }

    /// <summary>The rule that decided <see cref="OnConflict"/>.</summary>
    public PolicySource? OnConflictSource { get; init; }

    /// <summary>The program that looks at the merged tree when the path changes; null for none.</summary>
    public CheckCommand? Check { get; init; }

    /// <summary>The rule that decided <see cref="Check"/>.</summary>
    public PolicySource? CheckSource { get; init; }

    /// <summary>What it means that the check cannot be run.</summary>
    public UncheckedAnswer Unchecked { get; init; }

    /// <summary>The rule that decided <see cref="Unchecked"/>.</summary>
    public PolicySource? UncheckedSource { get; init; }

    internal int OnConflictOrder { get; init; } = -1;

    internal ImmutableArray<RecordRule> RecordRules { get; init; } = [];

    /// <summary>What happens to a conflict in a record of the path (null: in the path as a whole), and the rule that says so.</summary>
    public (ConflictAnswer Answer, PolicySource Source)? OnConflictOf(string? record)
    {
        var rule = record is null ? null : RecordRules.LastOrDefault(rule => rule.Order > OnConflictOrder && rule.Record.IsMatch(record));
        if (rule is not null) return (rule.Answer, rule.Source);
        return OnConflictSource is { } source ? (OnConflict, source) : null;
    }
}

/// <summary>A file that belongs to the shared root and is copied to the clients.</summary>
/// <param name="Path">The file, relative to /etc.</param>
/// <param name="Sources">What it is made from: a client that overrides one of these paths gets no copy.</param>
/// <param name="Source">The rule that says so.</param>
public sealed record ShadowFile(string Path, ImmutableArray<PathGlob> Sources, PolicySource Source)
{
    /// <summary>Whether an override of this path means that the client makes the file for itself.</summary>
    public bool IsMadeFrom(string path) => Sources.Any(glob => glob.IsMatch(path));
}
