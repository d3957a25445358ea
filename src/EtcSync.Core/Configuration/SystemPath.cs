using System.Buffers;

namespace EtcSync.Core.Configuration;

/// <summary>
/// Absolute paths on the server as settings hold them: normal form, and only characters that mean nothing special in
/// exports(5), in a kernel command line and in a unit file, because these paths are written there.
/// </summary>
internal static class SystemPath
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+@=~-");

    /// <summary>Reads a path; a slash at its end is dropped.</summary>
    public static bool TryParse(string text, out string path, out string reason)
    {
        path = text.Length > 1 ? text.TrimEnd('/') : text;
        reason = Reason(text, path) ?? "";
        return reason.Length == 0;
    }

    /// <summary>Whether a path is the other or lies below it.</summary>
    public static bool IsWithin(string path, string directory) =>
        string.Equals(path, directory, StringComparison.Ordinal) || path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static string? Reason(string text, string path)
    {
        if (!text.StartsWith('/')) return $"{Quoted.Text(text)} is not an absolute path. Write it from the top, beginning with '/'.";
        if (path.Length <= 1) return "The top of the file system cannot be used here. Write a directory below it.";
        if (path.Length > 1024) return "The path is longer than 1024 characters.";
        var strange = path.AsSpan().IndexOfAnyExcept(Allowed);
        if (strange >= 0)
            return $"{Quoted.Text(text)} contains {Quoted.Text(path[strange..(strange + 1)])}. Paths may hold letters, digits and / . _ + @ = ~ -, because they are also written into exports and boot files.";
        return path[1..].Split('/').Any(part => part is "" or "." or "..")
            ? $"{Quoted.Text(text)} has an empty component, '.' or '..'. Write the path without them."
            : null;
    }
}
