using EtcSync.Core.Git;
using EtcSync.Git;

namespace EtcSync.Overrides;

/// <summary>A commit as a patch that <c>git am</c> takes, made in a repository of its own that is gone afterwards.</summary>
internal static class OverridePatch
{
    /// <summary>Writes the patch.</summary>
    /// <param name="borrowFrom">A repository that has, or borrows, everything that the parent refers to.</param>
    /// <param name="objects">The new objects.</param>
    /// <param name="parent">The commit that the patch goes on top of.</param>
    /// <param name="tree">The tree with the patch.</param>
    /// <param name="message">What it says.</param>
    /// <param name="author">Who made the change.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static byte[] Of(string borrowFrom, ObjectOverlay objects, ObjectId parent, ObjectId tree, string message, Signature author, CancellationToken cancellation)
    {
        // It may hold secrets: the directory is nobody else's to enter.
        var directory = Directory.CreateTempSubdirectory("etcsync-promote-").FullName;
        try
        {
            var repository = Path.Combine(directory, "patch.git");
            BareRepository.Create(repository, "refs/heads/patch", borrowFrom);
            var commit = objects.Add(ObjectType.Commit, new GitCommit(tree, [parent], author, author, message).ToBytes());
            using (var store = ObjectStore.Open(repository, new())) store.Write(objects.Added);
            var output = GitProgram.Run(repository, ["format-patch", "-1", "--stdout", "--no-signature", "--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", commit.ToString()], cancellation);
            return output.ExitCode == 0 ? output.Output : throw new IOException($"git cannot make the patch: {output.Error}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
