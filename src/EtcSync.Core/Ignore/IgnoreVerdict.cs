namespace EtcSync.Core.Ignore;

/// <summary>What the rules say about one path.</summary>
public enum IgnoreVerdict
{
    /// <summary>No rule matches: not ignored.</summary>
    Unmatched,

    /// <summary>The rule that counts says to ignore it.</summary>
    Ignored,

    /// <summary>The rule that counts is a negated one (<c>!pattern</c>): not ignored.</summary>
    Kept,
}
