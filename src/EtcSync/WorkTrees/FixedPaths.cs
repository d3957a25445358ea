using System.Collections.Immutable;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Paths;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>
/// Finds what cannot be replaced for good, before it is tried: a swap that the kernel refuses looks like one that a client
/// was quicker than, and would be tried again in every pass.
/// </summary>
internal sealed class FixedPaths
{
    // A dispute about the top directory, which has no path, has the name of .etckeeper (see ClientMerge).
    private static readonly RepoPath Top = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly DirectoryDescriptor _root;
    private readonly Dictionary<RepoPath, string?> _directories = [];
    private readonly string? _top;

    private FixedPaths(DirectoryDescriptor root)
    {
        _root = root;
        _top = Reason(root.Status(), "The top directory");
    }

    /// <summary>The paths of a plan's steps that cannot be changed, each with the reason; costs nothing where there are no steps.</summary>
    public static ImmutableDictionary<RepoPath, string> Among(WorkTreeView tree, ApplyPlan plan)
    {
        if (plan.Steps.IsEmpty) return ImmutableDictionary<RepoPath, string>.Empty;
        var seen = new FixedPaths(tree.Root);
        var found = ImmutableDictionary.CreateBuilder<RepoPath, string>();
        foreach (var step in plan.Steps)
        {
            // One that goes only if it is empty may as well stay, and one that is made for a file goes with the file.
            if (step is ApplyStep.RemoveDirectory || (step is ApplyStep.MakeDirectory make && plan.Steps.Any(other => other is ApplyStep.PutFile put && put.File.IsBelow(make.Directory)))) continue;
            var reason = step switch
            {
                ApplyStep.SetDirectory { Directory: null } => seen._top,
                ApplyStep.SetDirectory { Directory: { } directory } => seen.OfDirectory(directory),
                _ => seen.OfDirectory(step.Path!.Value.Parent) ?? seen.OfName(step.Path!.Value),
            };
            if (reason is not null) found[step.Path ?? Top] = reason;
        }

        return found.ToImmutable();
    }

    // A directory that is not there yet is as its nearest one that is.
    private string? OfDirectory(RepoPath? path)
    {
        if (path is not { } directory) return _top;
        if (_directories.TryGetValue(directory, out var known)) return known;
        if (_root.OpenDirectory(directory.Value, out var opened) != OpenOutcome.Opened) return _directories[directory] = OfDirectory(directory.Parent);
        using (opened) return _directories[directory] = Reason(opened!.Status(), $"The directory {directory}");
    }

    private string? OfName(RepoPath path)
    {
        var directory = _root;
        if (path.Parent is { } parent && _root.OpenDirectory(parent.Value, out directory) != OpenOutcome.Opened) return null;
        try
        {
            return directory!.TryStatus(path.Name, out var status) ? Reason(status, status.Kind == FileKind.Directory ? "The directory" : "The client's file") : null;
        }
        finally
        {
            if (!ReferenceEquals(directory, _root)) directory?.Dispose();
        }
    }

    private static string? Reason(in FileStatus status, string what) => status switch
    {
        { IsImmutable: true } => $"{what} has the immutable attribute ('chattr +i'), so nothing can replace it.",
        { IsAppendOnly: true } => $"{what} has the append-only attribute ('chattr +a'), so nothing can replace it.",
        _ => null,
    };
}
