namespace EtcSync.Core.Git;

/// <summary>The mode of a tree or index entry; git knows these five and no others.</summary>
public enum EntryMode
{
    /// <summary>No entry.</summary>
    None = 0,

    /// <summary>A directory, octal 040000.</summary>
    Directory = 0x4000,

    /// <summary>A file, octal 100644.</summary>
    File = 0x81A4,

    /// <summary>An executable file, octal 100755.</summary>
    Executable = 0x81ED,

    /// <summary>A symbolic link, octal 120000.</summary>
    SymbolicLink = 0xA000,

    /// <summary>A commit of another repository (a submodule), octal 160000.</summary>
    GitLink = 0xE000,
}

/// <summary>Questions that are asked of a mode.</summary>
public static class EntryModes
{
    /// <summary>Whether it is a regular file, executable or not.</summary>
    public static bool IsRegular(this EntryMode mode) => mode is EntryMode.File or EntryMode.Executable;
}
