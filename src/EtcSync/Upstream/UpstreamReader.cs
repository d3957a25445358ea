using System.Text.RegularExpressions;
using EtcSync.Core.Git;
using EtcSync.Git;
using LibGit2Sharp;
using ObjectId = EtcSync.Core.Git.ObjectId;

namespace EtcSync.Upstream;

/// <summary>Looks at upstream, the etckeeper repository in the shared root. Never writes to it.</summary>
internal sealed partial class UpstreamReader(string directory, string branch)
{
    /// <summary>Reads the branch and what is unusual about the repository.</summary>
    public UpstreamObservation Observe()
    {
        if (!Directory.Exists(directory)) return Unusable($"There is no directory {directory}. Make the shared root first, or set upstream.directory.");
        LibGit2.Initialize();
        var git = Path.Combine(directory, ".git");
        if (!Directory.Exists(git) && !File.Exists(git) && !Repository.IsValid(directory))
        {
            return Unusable($"{directory} is not a git repository. Run 'etckeeper init' and 'etckeeper commit' in the shared root.");
        }

        if (UnsupportedFormat(git) is { } format) return Unusable(format);
        try
        {
            using var repository = new Repository(directory);
            return Observe(repository);
        }
        catch (LibGit2SharpException e)
        {
            return Unusable($"The repository in {directory} cannot be opened: {e.Message.TrimEnd('.')}. 'git -C {directory} fsck' may say more.");
        }
    }

    /// <summary>The branch that is checked out, for 'etcsync init'; null where there is none.</summary>
    public static string? CurrentBranch(string directory)
    {
        LibGit2.Initialize();
        if (!Repository.IsValid(directory)) return null;
        using var repository = new Repository(directory);
        var head = repository.Refs.Head;
        return head is SymbolicReference { TargetIdentifier: var target } && target.StartsWith("refs/heads/", StringComparison.Ordinal)
            ? target["refs/heads/".Length..]
            : null;
    }

    /// <summary>Paths that differ from upstream's last commit, from 'git status'; slow, for reports.</summary>
    public IReadOnlyList<string> UncommittedPaths(CancellationToken cancellation)
    {
        var status = GitProgram.Run(null, ["-C", directory, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal", "--ignore-submodules=all"], cancellation);
        return status.ExitCode != 0 ? [] : [.. status.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Length > 3).Select(line => line[3..])];
    }

    private UpstreamObservation Observe(Repository repository)
    {
        var git = Path.TrimEndingDirectorySeparator(repository.Info.Path);
        var name = "refs/heads/" + branch;
        var notices = new List<UpstreamNotice>();
        if (repository.Info.IsHeadDetached)
        {
            notices.Add(new(UpstreamNoticeKind.DetachedHead,
                $"No branch is checked out in {directory} (detached HEAD). '{branch}' stays what is rolled out; 'git -C {directory} switch {branch}' goes back to it."));
        }
        else if (repository.Refs.Head is SymbolicReference { TargetIdentifier: var target } && target != name)
        {
            notices.Add(new(UpstreamNoticeKind.OtherBranch,
                $"'{target.Replace("refs/heads/", "", StringComparison.Ordinal)}' is checked out in {directory}, and '{branch}' is what is rolled out. "
                + $"Go back with 'git -C {directory} switch {branch}', or set upstream.branch."));
        }

        // A commit takes the index lock first and moves the branch last: until then the branch's old commit is whole and counts.
        if (File.Exists(Path.Combine(git, "index.lock")) || File.Exists(Path.Combine(git, name + ".lock")))
        {
            notices.Add(new(UpstreamNoticeKind.CommitInProgress, $"Somebody is committing in {directory} at this moment; the commit is taken when it is complete."));
        }

        if (repository.Refs[name]?.ResolveToDirectReference() is { } reference) return new(git, branch, ObjectId.Parse(reference.TargetIdentifier), null, notices);
        var branches = repository.Branches.Where(b => !b.IsRemote).Select(b => b.FriendlyName).ToList();
        var problem = branches.Count == 0
            ? $"{directory} has no commit yet. Run 'etckeeper commit' in the shared root."
            : $"{directory} has no branch '{branch}' (it has {string.Join(", ", branches)}). Set upstream.branch in etcsync.yaml to the branch that is to be rolled out.";
        return new(git, branch, null, problem, notices);
    }

    // libgit2 refuses these too, but with words that help nobody.
    private string? UnsupportedFormat(string git)
    {
        var config = Path.Combine(GitDirectoryOf(git), "config");
        if (!File.Exists(config)) return null;
        var text = File.ReadAllText(config);
        if (Sha256().IsMatch(text))
        {
            return $"{directory} is a sha256 repository, which libgit2 cannot read. Make it anew with 'git init --object-format=sha1'.";
        }

        return Reftable().IsMatch(text)
            ? $"{directory} keeps its references as reftable, which libgit2 cannot read. Convert it with 'git refs migrate --ref-format=files'."
            : null;
    }

    // A file .git says where the git directory is (gitrepository-layout(5)).
    private string GitDirectoryOf(string git)
    {
        const string Pointer = "gitdir: ";
        if (!File.Exists(git) || File.ReadLines(git).FirstOrDefault() is not { } line || !line.StartsWith(Pointer, StringComparison.Ordinal)) return git;
        return Path.Combine(directory, line[Pointer.Length..]);
    }

    private UpstreamObservation Unusable(string problem) => new(null, branch, null, problem, []);

    [GeneratedRegex(@"^\s*objectformat\s*=\s*""?sha256", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Sha256();

    [GeneratedRegex(@"^\s*refstorage\s*=\s*""?reftable", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Reftable();
}
