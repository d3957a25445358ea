using System.Collections.Concurrent;
using EtcSync.Core.Applying;
using EtcSync.Core.Checks;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;

namespace EtcSync.Checks;

/// <summary>
/// Runs checks, each once for all clients in whose trees a checker would find the same, and as many at a time as there are processors.
/// Lives as long as the program.
/// </summary>
internal sealed class CheckRunner(TimeProvider time, TimeSpan limit)
{
    /// <summary>How long a check may take in all, where nothing else is asked for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private const int Capacity = 4096;

    private static readonly SemaphoreSlim Places = new(Environment.ProcessorCount);

    private readonly ConcurrentDictionary<string, Lazy<CheckVerdict>> _verdicts = new(StringComparer.Ordinal);
    private readonly CheckProcess _process = new(time, limit);
    private string? _unavailable;

    /// <summary>What there is to say where the last check that was due could not be run, as a sentence; null otherwise.</summary>
    public string? Unavailable => Volatile.Read(ref _unavailable);

    /// <summary>Looks at a tree.</summary>
    /// <param name="root">The shared root.</param>
    /// <param name="command">The check.</param>
    /// <param name="objects">Has the tree.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="policy">What the policies say of the client's paths.</param>
    public CheckVerdict Run(string root, CheckCommand command, IObjectReader objects, AttributedTree tree, Func<RepoPath, PathPolicy> policy)
    {
        if (SharedRootProgram.Find(root, command) is not { } program) return new CheckVerdict.NoProgram();
        var seen = CheckedTree.Of(objects, tree, policy, command);
        var key = string.Join('\0', [root, program.Path, program.Identity, seen.Digest, .. command.Arguments]);
        if (_verdicts.Count >= Capacity) _verdicts.Clear();
        var verdict = _verdicts.GetOrAdd(key, _ => new(() => Look(root, program, command, seen, objects)));
        try
        {
            // What cannot be run now, or not to its end, may be possible later.
            if (verdict.Value is CheckVerdict.Unavailable or CheckVerdict.Failed { IsUnfinished: true }) _verdicts.TryRemove(key, out _);
            return Said(verdict.Value);
        }
        catch
        {
            _verdicts.TryRemove(key, out _);
            throw;
        }
    }

    private CheckVerdict Look(string root, SharedRootProgram program, CheckCommand command, CheckedTree tree, IObjectReader objects)
    {
        if (CheckedTreeStream.SizeOf(tree, objects) > CheckedTreeStream.MaximumSize)
            return new CheckVerdict.Unavailable($"the files are more than {CheckedTreeStream.MaximumSize >> 20} MiB");
        Places.Wait();
        try
        {
            return _process.Run(root, program, command, tree, objects);
        }
        finally
        {
            Places.Release();
        }
    }

    private CheckVerdict Said(CheckVerdict verdict)
    {
        Volatile.Write(ref _unavailable, verdict is CheckVerdict.Unavailable { Reason: var reason }
            ? $"Merged files could not be checked before they are applied: {reason}. Where policy says 'unchecked: hold' they are held; else they are applied unchecked."
            : null);
        return verdict;
    }
}
