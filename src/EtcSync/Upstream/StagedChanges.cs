using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.Git;

namespace EtcSync.Upstream;

/// <summary>What an index of upstream's has and a commit has not, as git tells it: whatever version and extensions the index has.</summary>
/// <param name="Versions">The versions in the index, absent where it has the path no more.</param>
/// <param name="Unmerged">Paths of which a merge was not finished.</param>
internal sealed record StagedChanges(ImmutableDictionary<RepoPath, FileVersion> Versions, ImmutableArray<string> Unmerged)
{
    // ":100644 100755 OLD NEW M": gitformat of 'git diff-index --raw'.
    private const int Fields = 5;

    /// <summary>Reads them. Nothing is written: the index is not refreshed, and no tree is made of it.</summary>
    /// <param name="gitDirectory">Upstream's git directory.</param>
    /// <param name="indexFile">The index.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="IOException">Git cannot read the index.</exception>
    public static StagedChanges Read(string gitDirectory, string indexFile, ObjectId commit, CancellationToken cancellation)
    {
        var output = GitProgram.RunOnIndex(gitDirectory, indexFile, ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none", commit.ToString(), "--"], cancellation);
        if (output.ExitCode != 0) throw new IOException($"Git cannot read the index {indexFile}: {output.Error}");
        var versions = ImmutableDictionary.CreateBuilder<RepoPath, FileVersion>();
        var unmerged = ImmutableArray.CreateBuilder<string>();
        var words = GitName.Decode(output.Output).Split('\0');
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            var fields = words[i].TrimStart(':').Split(' ');
            if (fields.Length != Fields || !ObjectId.TryParse(fields[3], out var id)) throw new IOException($"Git says of the index {indexFile} what EtcSync does not understand.");
            // Where a path has no version, or several, it says so twice.
            if (fields[4].StartsWith('U')) unmerged.Add(words[i + 1]);
            else versions[RepoPath.Parse(words[i + 1])] = fields[4].StartsWith('D') ? FileVersion.Absent : new((EntryMode)Convert.ToInt32(fields[1], 8), id);
        }

        return new(versions.ToImmutable(), unmerged.ToImmutable());
    }
}
