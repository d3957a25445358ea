using System.Collections.Immutable;

namespace EtcSync.Core.Text;

/// <summary>What a three-way merge of one file's content came to.</summary>
public abstract record TextMergeResult
{
    private TextMergeResult()
    {
    }

    /// <summary>Both sides' changes fit together.</summary>
    /// <param name="Content">The merged content.</param>
    public sealed record Clean(byte[] Content) : TextMergeResult;

    /// <summary>Both sides changed the same lines, or lines that touch, in different ways.</summary>
    /// <param name="Regions">The disputed lines, top to bottom; never empty.</param>
    public sealed record Conflict(ImmutableArray<MergeRegion> Regions) : TextMergeResult;

    /// <summary>Both sides changed a file that is not text: there are no lines to merge by.</summary>
    public sealed record Binary : TextMergeResult;
}

/// <summary>A run of lines of one file.</summary>
/// <param name="Start">The first line, counted from 0. With a count of 0: the line before which the run would stand.</param>
/// <param name="Count">How many lines.</param>
public readonly record struct LineRange(int Start, int Count)
{
    /// <summary>The line after the last one.</summary>
    public int End => Start + Count;
}

/// <summary>Lines that the two sides of a merge do not agree on, as each of the three files has them.</summary>
public readonly record struct MergeRegion(LineRange Ancestor, LineRange Ours, LineRange Theirs);
