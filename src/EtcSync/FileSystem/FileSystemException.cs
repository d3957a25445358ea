using System.Runtime.InteropServices;

namespace EtcSync.FileSystem;

/// <summary>
/// The environment is broken or forbids what must be possible: a full disk, a read-only or failing file system, missing
/// rights. What a client or a race can bring about is an outcome value instead.
/// </summary>
internal sealed class FileSystemException : IOException
{
    /// <summary>An error of a system call.</summary>
    /// <param name="operation">What was tried, as a verb with its object: "create the file".</param>
    /// <param name="path">What it was tried on.</param>
    /// <param name="error">What the kernel answered.</param>
    public FileSystemException(string operation, string path, Errno error)
        : base(Describe(operation, path, error))
    {
        Error = error;
        Path = path;
    }

    /// <summary>An error with an explanation of its own.</summary>
    public FileSystemException(string message, string path, Errno error, Exception? inner)
        : base(message, inner)
    {
        Error = error;
        Path = path;
    }

    /// <summary>What the kernel answered.</summary>
    public Errno Error { get; }

    /// <summary>What was touched.</summary>
    public string Path { get; }

    private static string Describe(string operation, string path, Errno error)
    {
        var name = Enum.IsDefined(error) ? error.ToString() : $"errno {(int)error}";
        var text = Marshal.GetPInvokeErrorMessage((int)error);
        var advice = Advice(error);
        return $"Could not {operation} '{path}': {text} ({name}).{(advice.Length == 0 ? "" : " " + advice)}";
    }

    private static string Advice(Errno error) => error switch
    {
        Errno.ENOSPC => "Free space or inodes on that file system and run again.",
        Errno.EDQUOT => "Raise the quota on that file system and run again.",
        Errno.EROFS => "Mount that file system writable and run again.",
        Errno.EIO => "The device reports errors: look at the kernel log before anything else.",
        Errno.ESTALE => "The file system went away below us: mount it again and run again.",
        Errno.EACCES => "Run as root, or as the owner of that tree.",
        Errno.EPERM => "Run as root; if that is so, look for an immutable attribute (lsattr) or a container that forbids it.",
        Errno.EMFILE or Errno.ENFILE => "Raise the limit of open files (LimitNOFILE= in the unit).",
        Errno.ENAMETOOLONG => "File systems allow 255 bytes in a name and 4,095 in a path.",
        _ => "",
    };
}
