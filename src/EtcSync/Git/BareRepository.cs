namespace EtcSync.Git;

/// <summary>
/// Makes git directories: bare, version 0 of the format, references as files, sha1, and able to run nothing. What a client
/// writes into a .gitmodules is the content of a file and no damage, so 'git fsck' says nothing about it.
/// </summary>
internal static class BareRepository
{
    private const string Config = """
        [core]
        	repositoryformatversion = 0
        	filemode = true
        	bare = true
        	hooksPath = /dev/null
        	fsmonitor = false
        	untrackedCache = false
        	logAllRefUpdates = false
        	autocrlf = false
        	quotePath = false
        [gc]
        	auto = 0
        	pruneExpire = never
        	reflogExpire = never
        [fsck]
        	gitmodulesName = ignore
        	gitmodulesPath = ignore
        	gitmodulesSymlink = ignore
        	gitmodulesUpdate = ignore
        	gitmodulesUrl = ignore
        [index]
        	version = 2
        [user]
        	name = EtcSync
        	email = etcsync@localhost

        """;

    /// <summary>Makes a repository beside its place and moves it there, so that it is whole or absent.</summary>
    /// <param name="gitDirectory">Where it shall be; must not exist.</param>
    /// <param name="head">The branch that HEAD names, as "refs/heads/…".</param>
    /// <param name="borrowFrom">A git directory whose objects it borrows, or null.</param>
    public static void Create(string gitDirectory, string head, string? borrowFrom)
    {
        var making = gitDirectory + ".new";
        if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        State.StateDirectory.MakePrivate(making);
        foreach (var directory in (string[])["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"]) Directory.CreateDirectory(Path.Combine(making, directory));
        File.WriteAllText(Path.Combine(making, "HEAD"), $"ref: {head}\n");
        File.WriteAllText(Path.Combine(making, "config"), Config);
        if (borrowFrom is not null)
        {
            File.WriteAllText(Path.Combine(making, "objects/info/alternates"), Path.Combine(Path.GetFullPath(borrowFrom), "objects") + "\n");
        }

        Directory.Move(making, gitDirectory);
    }
}
