using System.Collections.Immutable;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Applying;

/// <summary>Mode and owner of a file or directory, the owner by name as .etckeeper has it.</summary>
/// <param name="Mode">Permission bits, 0 to 07777 (octal).</param>
/// <param name="Owner">The owner's name; null for root.</param>
/// <param name="Group">The group's name; null for root.</param>
public sealed record FileAttributes(int Mode, string? Owner, string? Group);

/// <summary>One change of a work tree.</summary>
/// <param name="Path">Where; null for the top, which only a <see cref="SetDirectory"/> can name.</param>
public abstract record ApplyStep(RepoPath? Path)
{
    /// <summary>A file or link gets this version and these attributes; what is there must be the expected version.</summary>
    public sealed record PutFile(RepoPath File, FileVersion Expected, FileVersion Version, FileAttributes Attributes) : ApplyStep(File);

    /// <summary>A file or link goes; what is there must be the expected version.</summary>
    public sealed record RemoveFile(RepoPath File, FileVersion Expected) : ApplyStep(File);

    /// <summary>A directory is made, unless it is there.</summary>
    public sealed record MakeDirectory(RepoPath Directory, FileAttributes Attributes) : ApplyStep(Directory);

    /// <summary>A directory goes, if it is empty.</summary>
    public sealed record RemoveDirectory(RepoPath Directory) : ApplyStep(Directory);

    /// <summary>A directory gets another mode or owner.</summary>
    public sealed record SetDirectory(RepoPath? Directory, FileAttributes Attributes) : ApplyStep(Directory);
}

/// <summary>What has to be done to a work tree, in this order.</summary>
/// <param name="Steps">The steps.</param>
public sealed record ApplyPlan(ImmutableArray<ApplyStep> Steps)
{
    /// <summary>Nothing to do.</summary>
    public static ApplyPlan Nothing { get; } = new([]);

    /// <summary>What keeps its content and gets another mode or owner, by path ("." for the top), each with what it has in the end.</summary>
    public IEnumerable<(string Path, FileAttributes Attributes)> AttributeChanges => Steps.Select(step => step switch
    {
        ApplyStep.PutFile put when put.Expected == put.Version && put.File.Value != Etckeeper.EtckeeperFile.FileName => (put.File.Value, put.Attributes),
        ApplyStep.SetDirectory set => (set.Directory?.Value ?? ".", set.Attributes),
        _ => default((string Path, FileAttributes Attributes)?),
    }).OfType<(string Path, FileAttributes Attributes)>().GroupBy(change => change.Path, StringComparer.Ordinal).Select(changes => changes.Last()).OrderBy(change => change.Path, StringComparer.Ordinal);
}
