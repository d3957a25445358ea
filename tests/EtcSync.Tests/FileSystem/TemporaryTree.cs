using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

/// <summary>A directory "inside" that is looked at through a descriptor, and one "outside" that nothing may reach.</summary>
public sealed partial class TemporaryTree : IDisposable
{
    public const string Secret = "secret of the server\n";

    private readonly string _base = Directory.CreateTempSubdirectory("etcsync-fs-").FullName;

    public TemporaryTree()
    {
        Directory.CreateDirectory(Inside);
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret"), Secret);
        Top = Open(Inside);
    }

    public string Inside => Path.Combine(_base, "inside");

    public string Outside => Path.Combine(_base, "outside");

    internal DirectoryDescriptor Top { get; }

    public static bool IsRoot => Libc.EffectiveUser() == 0;

    public static int Octal(string digits) => Convert.ToInt32(digits, 8);

    public string At(string relative) => Path.Combine(Inside, relative);

    public void Write(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(relative))!);
        File.WriteAllText(At(relative), content);
    }

    public bool MakeNode(string relative, NodeKind kind) => mknod(At(relative), ((uint)kind << 12) | 0x180, 0x103) == 0;

    public void AssertOutsideUntouched()
    {
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(Outside, "secret")));
    }

    public void Dispose()
    {
        Top.Dispose();
        // Not Directory.Delete: some names here are not UTF-8.
        using var process = Process.Start("rm", ["-rf", "--", _base])!;
        process.WaitForExit();
    }

    internal static DirectoryDescriptor Open(string path)
    {
        Assert.Equal(OpenOutcome.Opened, DirectoryDescriptor.OpenRoot(path, out var directory));
        return directory!;
    }

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal static string Text(ReadOutcome outcome) => Encoding.UTF8.GetString(Assert.IsType<ReadOutcome.Content>(outcome).Bytes);

    internal DirectoryDescriptor Subdirectory(string relative)
    {
        Assert.Equal(OpenOutcome.Opened, Top.OpenDirectory(relative, out var directory));
        return directory!;
    }

    internal FileDescriptor Reference(string name)
    {
        Assert.Equal(OpenOutcome.Opened, Top.OpenReference(name, out var reference));
        return reference!;
    }

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mknod(string path, uint mode, ulong device);
}

/// <summary>Kinds for mknod(2); the device is 1:3, /dev/null.</summary>
public enum NodeKind
{
    Fifo = 1,
    CharacterDevice = 2,
    Socket = 12,
}
