namespace EtcSync.Git;

/// <summary>Keeps repositories from piling up files, without ever losing an object.</summary>
internal static class Repacking
{
    /// <summary>Packs a repository that has too many packs or loose objects; true if it had.</summary>
    /// <exception cref="IOException">Git failed; nothing is lost.</exception>
    public static bool RunIfNeeded(string gitDirectory, int maximumPacks, int maximumLooseObjects, CancellationToken cancellation)
    {
        var objects = Path.Combine(gitDirectory, "objects");
        var packs = Directory.EnumerateFiles(Path.Combine(objects, "pack"), "*.pack").Take(maximumPacks + 1).Count();
        // As 'git gc --auto': one directory of 256 tells how full the others are.
        var sample = Path.Combine(objects, "17");
        var loose = Directory.Exists(sample) ? Directory.EnumerateFiles(sample).Take(maximumLooseObjects / 256 + 2).Count() : 0;
        if (packs <= maximumPacks && loose <= maximumLooseObjects / 256) return false;

        // -a -d -k: one pack, and unreachable objects stay in it; -l: what is borrowed stays borrowed.
        GitProgram.Check(gitDirectory, ["repack", "-a", "-d", "-l", "-q", "--keep-unreachable"], cancellation);
        GitProgram.Check(gitDirectory, ["pack-refs", "--all"], cancellation);
        GitProgram.Check(gitDirectory, ["prune-packed", "-q"], cancellation);
        return true;
    }
}
