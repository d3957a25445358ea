using System.Runtime.CompilerServices;
using System.Text;
using EtcSync.FileSystem;

namespace EtcSync.Checks;

/// <summary>What a checker finds mounted. All of it is gone with the last process in the namespace.</summary>
internal static class CellMounts
{
    private const nuint NoSetId = 2; // MS_NOSUID
    private const nuint NoDevices = 4; // MS_NODEV
    private const nuint NoPrograms = 8; // MS_NOEXEC
    private const nuint ReadOnly = 1; // MS_RDONLY
    private const nuint Bind = 4096; // MS_BIND
    private const nuint Recursive = 16384; // MS_REC
    private const int Detach = 2; // MNT_DETACH
    private const int Everybody = 0x1FF; // 0777
    private const int Readable = 0x1ED; // 0755
    private static readonly string[] Homes = ["root", "home"];
    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom"];
    // Debian's sshd looks for it before it looks at its configuration; elsewhere it is a directory of the shared root.
    private static readonly string[] RunDirectories = ["sshd", "lock"];

    /// <summary>Mounts everything below the shared root, which is made read-only; its /etc is empty after this.</summary>
    /// <exception cref="FileSystemException">The kernel does not permit it.</exception>
    public static void Make(string root)
    {
        Mount(root, root, "", Bind | Recursive, "");
        var attributes = new MountAttributes(MountAttributes.ReadOnly | MountAttributes.NoSetId | MountAttributes.NoDevices);
        if (Libc.SetMountAttributes(MountAttributes.CallNumber, AtFlags.WorkingDirectory, in Native(root)[0], MountAttributes.Recursive, in attributes, (nuint)Unsafe.SizeOf<MountAttributes>()) != 0)
            throw new FileSystemException("make read-only for a check (mount_setattr, Linux 5.12)", root, Libc.LastError);
        if (!IsDirectory($"{root}/etc")) throw new IOException($"{root}/etc is not a directory.");
        Mount("etc", $"{root}/etc", "tmpfs", NoSetId | NoDevices | NoPrograms, "mode=755,size=512m,nr_inodes=300000");
        if (IsDirectory($"{root}/tmp")) Mount("tmp", $"{root}/tmp", "tmpfs", NoSetId | NoDevices | NoPrograms, "mode=1777,size=16m,nr_inodes=4096");
        // Not for a checker, and not for what it may print: the people of the shared root.
        foreach (var home in Homes.Where(home => IsDirectory($"{root}/{home}"))) Mount(home, $"{root}/{home}", "tmpfs", ReadOnly | NoSetId | NoDevices | NoPrograms, "mode=755,size=4k");
        MakeRun($"{root}/run");
        MakeDevices($"{root}/dev");
        // Read-only, or root without any capability could still write the kernel's settings. Where it may not be mounted (a
        // service whose own /proc is masked), a checker has to do without.
        if (IsDirectory($"{root}/proc")) TryMount("proc", $"{root}/proc", "proc", ReadOnly | NoSetId | NoDevices | NoPrograms, "");
    }

    /// <summary>Makes the shared root the root; the old one is out of reach after this (pivot_root(2), "pivot_root(".", ".")").</summary>
    public static void Enter(string root)
    {
        Require(Libc.ChangeDirectory(in Native(root)[0]), "enter", root);
        Require(Libc.PivotRoot(in ".\0"u8[0], in ".\0"u8[0]), "make the root", root);
        Require(Libc.Unmount(in ".\0"u8[0], Detach), "leave", "/");
        Require(Libc.ChangeDirectory(in "/\0"u8[0]), "enter", "/");
    }

    private static void MakeRun(string run)
    {
        if (!IsDirectory(run)) return;
        Mount("run", run, "tmpfs", NoSetId | NoDevices | NoPrograms, "mode=755,size=16m,nr_inodes=4096");
        DirectoryDescriptor.OpenRoot(run, out var opened);
        using (opened)
        {
            foreach (var name in RunDirectories)
            {
                opened!.CreateDirectory(name);
                if (opened.OpenDirectory(name, out var made) != OpenOutcome.Opened) continue;
                using (made) made!.SetMode(Readable);
            }
        }
    }

    private static void MakeDevices(string directory)
    {
        if (!IsDirectory(directory)) return;
        Mount("dev", directory, "tmpfs", NoSetId | NoPrograms, "mode=755,size=64k,nr_inodes=64");
        DirectoryDescriptor.OpenRoot(directory, out var opened);
        using (opened)
        {
            foreach (var device in Devices.Where(device => File.Exists($"/dev/{device}")))
            {
                if (opened!.CreateFile(device, [], out var file) != ChangeOutcome.Done) continue;
                using (file) file!.SetMode(Everybody);
                Mount($"/dev/{device}", $"{directory}/{device}", "", Bind, "");
            }
        }
    }

    private static bool IsDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    private static void Mount(string source, string target, string type, nuint flags, string options)
    {
        if (!TryMount(source, target, type, flags, options)) throw new FileSystemException("mount something for a check on", target, Libc.LastError);
    }

    private static bool TryMount(string source, string target, string type, nuint flags, string options) =>
        Libc.Mount(in Native(source)[0], in Native(target)[0], in Native(type)[0], flags, in Native(options)[0]) == 0;

    private static void Require(int result, string operation, string path)
    {
        if (result != 0) throw new FileSystemException(operation, path, Libc.LastError);
    }

    private static byte[] Native(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
