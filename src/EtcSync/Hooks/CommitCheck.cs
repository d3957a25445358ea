using System.Collections.Immutable;
using EtcSync.Cli;
using EtcSync.FileSystem;
using EtcSync.Upstream;

namespace EtcSync.Hooks;

/// <summary>Looks at a commit of upstream's in the middle of it, from its hook. What git says in the environment counts here and nowhere else.</summary>
internal static class CommitCheck
{
    private const int MostLines = 12;

    /// <summary>Says what a commit that is being made would do; nothing where it brings no conflict, or is none of upstream's.</summary>
    /// <param name="session">The run.</param>
    /// <param name="directory">The directory that git runs the hook in: the top of the work tree.</param>
    /// <param name="gitDirectory">GIT_DIR; null where git did not set it.</param>
    /// <param name="indexFile">GIT_INDEX_FILE: for 'git commit -a' and 'git commit -- PATH' another than the repository's own.</param>
    /// <param name="verdict">What becomes of a commit that brings conflicts: sentences.</param>
    /// <param name="cancellation">Ends it.</param>
    public static int Run(Session session, string directory, string? gitDirectory, string? indexFile, ImmutableArray<string> verdict, CancellationToken cancellation)
    {
        // Inside the shared root the program may be there and its configuration not: nobody there can say anything about clients.
        if (!File.Exists(session.Locations.SettingsFile)) return ExitCode.InOrder;
        var upstream = session.Workspace.Upstream.Observe();
        var git = Path.GetFullPath(Path.Combine(directory, gitDirectory ?? ".git"));
        if (upstream.GitDirectory is not { } known || !IsSame(known, git)) return ExitCode.InOrder;
        // What is committed on another branch is not rolled out.
        if (upstream.Tip is null || upstream.Notices.Any(notice => notice.Kind is UpstreamNoticeKind.OtherBranch or UpstreamNoticeKind.DetachedHead)) return ExitCode.InOrder;
        var index = indexFile is null ? Path.Combine(git, "index") : Path.GetFullPath(Path.Combine(directory, indexFile));
        var report = new ForecastReport(session, ForecastReport.Compute(session, [], upstream, reader => reader.StagedIn(index, cancellation), cancellation));
        var conflicts = report.ConflictLines().ToList();
        if (conflicts.Count == 0) return ExitCode.InOrder;
        session.Error.Line("etcsync: ", Tint.Bad, "this commit would bring conflicts:");
        foreach (var line in conflicts.Take(MostLines)) session.Error.Line($"  {line}");
        if (conflicts.Count > MostLines) session.Error.Line($"  and {conflicts.Count - MostLines} more");
        session.Error.Line($"{report.Summary()} '{session.Next("plan --staged")}' shows all of it.");
        foreach (var sentence in verdict) session.Error.Line(sentence);
        return ExitCode.PersonNeeded;
    }

    private static bool IsSame(string one, string other)
    {
        if (one == other) return true;
        if (DirectoryDescriptor.OpenRoot(one, out var left) != OpenOutcome.Opened) return false;
        using (left)
        {
            if (DirectoryDescriptor.OpenRoot(other, out var right) != OpenOutcome.Opened) return false;
            using (right)
            {
                var (known, found) = (left!.Status(), right!.Status());
                return (known.Device, known.Inode) == (found.Device, found.Inode);
            }
        }
    }
}
