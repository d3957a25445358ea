using System.CommandLine;
using EtcSync.Clients;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.WorkTrees;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync git': the git program on a client's clone, without running anything that a client could plant.</summary>
internal static class GitCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var client = host.ClientName();
        var arguments = new Argument<string[]>("ARGS") { Description = "What git is to do.", Arity = ArgumentArity.ZeroOrMore, CaptureRemainingTokens = true };
        var command = new Command("git", "Run git on a client's clone. This is the only safe way: 'git -C' in a work tree can run what the client has put there.") { client, arguments };
        host.Handle(command, (session, parse, _) => Run(session, parse.GetRequiredValue(client), parse.GetValue(arguments) ?? []));
        return command;
    }

    // What only looks may take its time (a pager); anything else must not meet a sync.
    private static readonly string[] Looking =
        ["log", "show", "diff", "status", "blame", "shortlog", "ls-files", "ls-tree", "cat-file", "rev-parse", "rev-list", "grep", "describe", "for-each-ref", "name-rev", "count-objects", "fsck", "help", "version", "whatchanged", "diff-tree", "diff-index", "diff-files", "merge-base", "check-ignore", "show-ref", "var"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static int Run(Session session, string name, string[] arguments)
    {
        if (arguments is ["--", ..]) arguments = arguments[1..];
        using var clone = ClientClone.Open(session, name);
        using var held = Lock(session, clone, arguments);
        if (!Directory.Exists(clone.WorkTree)) throw new UserErrorException($"{clone.WorkTree} is missing. Mount it, or have it made again with '{session.Next($"sync --accept-drift {name}")}'.");
        session.Terminal.Out.Flush();
        if (held is null) return GitProgram.RunAttached(clone.Repository.GitDirectory, clone.WorkTree, arguments);
        using var tree = WorkTree.TryOpen(clone.WorkTree, clone.Client.Name);
        var restore = new AttributeRestore(clone.Repository);
        // Nothing that git writes is readable to others until it has the mode and owner that .etckeeper says.
        var code = GitProgram.RunAttachedForWriting(clone.Repository.GitDirectory, clone.WorkTree, arguments);
        if (tree is not null) restore.Run(tree);
        return code;
    }

    private static LockFile? Lock(Session session, ClientClone clone, string[] arguments)
    {
        // The first word that is no option is the command; one that only looks needs no lock.
        if (Array.Find(arguments, argument => !argument.StartsWith('-')) is not { } verb || Looking.Contains(verb, StringComparer.Ordinal)) return null;
        var outcome = LockFile.AcquireAsync(session.Workspace.State.ClientLock(clone.Client.Name), "etcsync git", Patience, session.Time, CancellationToken.None).GetAwaiter().GetResult();
        return outcome is LockOutcome.Acquired acquired
            ? acquired.Lock
            : throw new UserErrorException($"{clone.Client.Name} is {((LockOutcome.Held)outcome).Holder} at this moment. Try again when that is done.");
    }
}
