namespace EtcSync.Git;

/// <summary>Where the objects, hooks and configuration of a git directory are: for a linked work tree elsewhere (gitrepository-layout(5), commondir).</summary>
internal static class CommonDirectory
{
    /// <summary>The git directory itself, unless it belongs to a linked work tree.</summary>
    public static string Of(string gitDirectory)
    {
        var pointer = Path.Combine(gitDirectory, "commondir");
        return File.Exists(pointer) ? Path.GetFullPath(Path.Combine(gitDirectory, File.ReadAllText(pointer).Trim())) : gitDirectory;
    }
}
