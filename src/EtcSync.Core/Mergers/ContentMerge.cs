using System.Collections.Immutable;

namespace EtcSync.Core.Mergers;

/// <summary>The content of one file on the two sides of a merge, and what both started from.</summary>
/// <param name="Base">What both started from; null where both sides added the file.</param>
/// <param name="Client">The client's.</param>
/// <param name="Upstream">Upstream's.</param>
public sealed record ContentVersions(byte[]? Base, byte[] Client, byte[] Upstream);

/// <summary>Merges the content of one kind of file by what it means. Pure, and safe for use from several threads.</summary>
/// <remarks>Both sides differ from the base and from each other when it is asked; where one side did not change the file there is nothing to merge.</remarks>
public interface IContentMerger
{
    /// <summary>The name by which policies choose it.</summary>
    string Name { get; }

    /// <summary>Merges. Never throws: a file that is not of the kind is an outcome.</summary>
    /// <param name="versions">The content.</param>
    /// <param name="arbiter">Is asked once for every record that has no answer of its own.</param>
    ContentMergeResult Merge(ContentVersions versions, RecordArbiter arbiter);
}

/// <summary>What came of merging content by its meaning.</summary>
public abstract record ContentMergeResult
{
    private ContentMergeResult()
    {
    }

    /// <summary>The merged content.</summary>
    public sealed record Merged(byte[] Content) : ContentMergeResult;

    /// <summary>Records have no answer.</summary>
    /// <param name="Records">The records, in the order of the client's file; never empty.</param>
    public sealed record Disputed(ImmutableArray<RecordDispute> Records) : ContentMergeResult;

    /// <summary>A version is not a file of this kind. It is merged as text then.</summary>
    /// <param name="Reason">Whole sentences: which version, which line, what is wrong with it. Never any content of the file.</param>
    public sealed record NotUnderstood(string Reason) : ContentMergeResult;
}
