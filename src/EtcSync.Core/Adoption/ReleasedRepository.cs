using EtcSync.Core.Clients;

namespace EtcSync.Core.Adoption;

/// <summary>The configuration of a clone's own git directory, with which plain git works in it (git-config(1)). Pure.</summary>
public static class ReleasedRepository
{
    /// <summary>The text of the configuration.</summary>
    /// <param name="client">Whose clone.</param>
    /// <param name="branch">The branch that is checked out, as "refs/heads/x".</param>
    /// <param name="upstream">Upstream's git directory.</param>
    /// <param name="upstreamBranch">The branch that 'git pull' merges.</param>
    public static string Configuration(ClientName client, string branch, string upstream, string upstreamBranch) => $"""
        [core]
        	repositoryformatversion = 0
        	filemode = true
        	bare = false
        	logallrefupdates = true
        [remote "origin"]
        	url = {Quoted(upstream)}
        	fetch = +refs/heads/*:refs/remotes/origin/*
        [branch "{Escaped(branch["refs/heads/".Length..])}"]
        	remote = origin
        	merge = {Quoted("refs/heads/" + upstreamBranch)}
        [pull]
        	rebase = false
        [user]
        	name = {client}
        	email = root@{client}

        """;

    private static string Quoted(string text) => $"\"{Escaped(text)}\"";

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
