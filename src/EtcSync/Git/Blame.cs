using System.Text;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Git;

/// <summary>Which commit each line of a file came from.</summary>
internal static class Blame
{
    private const int HeaderFields = 3;

    /// <summary>The commit of each line, in the order of the lines, of a file as a commit has it.</summary>
    /// <param name="gitDirectory">The repository.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="path">A regular file in it.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="IOException">Git failed.</exception>
    /// <remarks>The format is that of <c>--porcelain</c> in git-blame(1). Of it only ids are taken: names could be changed by a .mailmap in the tree.</remarks>
    public static IReadOnlyList<ObjectId> Of(string gitDirectory, ObjectId commit, RepoPath path, CancellationToken cancellation)
    {
        var output = GitProgram.Run(gitDirectory, ["blame", "--porcelain", commit.ToString(), "--", path.Value], cancellation);
        if (output.ExitCode != 0) throw new IOException($"git cannot tell where the lines of {path} came from: {output.Error}");
        var lines = new List<ObjectId>();
        // The file's own lines begin with a tab; they may hold any bytes.
        foreach (var line in Encoding.Latin1.GetString(output.Output).Split('\n'))
        {
            if (line.StartsWith('\t')) continue;
            var fields = line.Split(' ');
            if (fields.Length >= HeaderFields && ObjectId.TryParse(fields[0], out var id)) lines.Add(id);
        }

        return lines;
    }
}
