using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EtcSync.FileSystem;

namespace EtcSync.Checks;

/// <summary>
/// The first process in the namespaces of a check. It makes what is there to be seen: the shared root, read-only; over its
/// /etc the tree that comes through standard input; nothing else of the machine. Then it gives up every capability and becomes the checker.
/// </summary>
internal static class CheckCell
{
    /// <summary>The word by which the program knows that it is called for this; no command, and of no use to people.</summary>
    public const string Word = "--check-cell";

    /// <summary>What is written to standard output once everything is in place: all after it is the checker's.</summary>
    public static ReadOnlySpan<byte> Ready => "ready\n"u8;

    private const string LibraryCache = "ld.so.cache";
    private const int Readable = 0x1A4; // 0644
    private const int AddressSpace = 1 << 29;
    private const int FileSize = 1 << 24;
    private const int Processes = 64;
    private const int DropFromBoundingSet = 24; // PR_CAPBSET_DROP
    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int CloseRangeCall = 436;
    private const int CloseOnExecution = 4; // CLOSE_RANGE_CLOEXEC
    private const int BrokenPipe = 13; // SIGPIPE, which the runtime ignores, and which a program inherits
    private const int CannotExecute = 127;

    /// <summary>The name of the mount namespace that we are in.</summary>
    public static string MountNamespace => new FileInfo("/proc/self/ns/mnt").LinkTarget ?? "";

    /// <summary>Runs; returns only where something is in the way, which is told on standard error.</summary>
    /// <param name="arguments">The word, the mount namespace of who called, the shared root, the seconds of processor time, the program and its arguments.</param>
    public static int Run(string[] arguments)
    {
        if (arguments is not [_, var outer, var root, var seconds, ..] || arguments.Length < 5 || outer == MountNamespace || outer.Length == 0)
        {
            Console.Error.WriteLine($"'{Word}' is how etcsync calls itself in namespaces that it has just made. It is of no use outside them.");
            return 1;
        }

        try
        {
            // Git does not track it, and without it programs miss the libraries in directories that only ld.so.conf names.
            var libraries = $"{root}/etc/{LibraryCache}" is var cache && File.Exists(cache) ? File.ReadAllBytes(cache) : null;
            CellMounts.Make(root);
            DirectoryDescriptor.OpenRoot($"{root}/etc", out var top);
            using (top)
            {
                CheckedTreeStream.Unpack(Console.OpenStandardInput(), top!);
                if (libraries is not null && top!.CreateFile(LibraryCache, libraries, out var file) == ChangeOutcome.Done)
                {
                    using (file) file!.SetMode(Readable);
                }
            }

            Become(root, ulong.Parse(seconds, CultureInfo.InvariantCulture), arguments[4..]);
            return CannotExecute;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    // After the root has changed no file of ours can be opened any more, an assembly as little as another: everything is at hand before.
    private static void Become(string root, ulong seconds, string[] command)
    {
        Marshal.PrelinkAll(typeof(Libc));
        var arguments = NativeList(command);
        var environment = NativeList([$"PATH={SharedRootProgram.SearchPath}", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "HOME=/"]);
        var program = Marshal.ReadIntPtr(arguments);
        ReadOnlySpan<byte> cannot = [.. Encoding.UTF8.GetBytes($"{command[0]} cannot be executed.\n")];
        var nothing = Libc.Open(in NativeText.Path($"{root}/dev/null", new byte[NativeText.PathSize])[0], OpenFlags.ReadOnly | OpenFlags.CloseOnExec, 0);
        if (nothing < 0) nothing = Libc.Open(in "/dev/null\0"u8[0], OpenFlags.ReadOnly | OpenFlags.CloseOnExec, 0);
        if (nothing < 0 || Libc.Duplicate(nothing, 0) < 0) throw new FileSystemException("open", "/dev/null", Libc.LastError);

        CellMounts.Enter(root);
        Limit(ResourceLimit.ProcessorSeconds, seconds);
        Limit(ResourceLimit.FileSize, FileSize);
        Limit(ResourceLimit.Core, 0);
        Limit(ResourceLimit.Processes, Processes);
        Libc.SetSignalHandler(BrokenPipe, 0);
        Libc.CloseRange(CloseRangeCall, 3, uint.MaxValue, CloseOnExecution);
        // Root of its own namespace has all capabilities again in each program that it executes, but for those that left this set.
        var capability = (nuint)0;
        while (Libc.ControlProcess(DropFromBoundingSet, capability, 0, 0, 0) == 0) capability++;
        if (Libc.ControlProcess(NoNewPrivileges, 1, 0, 0, 0) != 0) throw new FileSystemException("give up privileges of", "the checker", Libc.LastError);
        Libc.WriteStandard(1, in Ready[0], (nuint)Ready.Length);
        // Last: the runtime has reserved more than this.
        Limit(ResourceLimit.AddressSpace, AddressSpace);
        Libc.Execute(program, arguments, environment);
        Libc.WriteStandard(2, in cannot[0], (nuint)cannot.Length);
        Libc.Exit(CannotExecute);
    }

    private static void Limit(int resource, ulong value)
    {
        var limit = new ResourceLimit(value);
        if (Libc.SetLimit(resource, in limit) != 0) throw new FileSystemException("limit", "the checker", Libc.LastError);
    }

    // Never freed: this process becomes another one.
    private static nint NativeList(string[] texts)
    {
        var list = Marshal.AllocHGlobal((texts.Length + 1) * nint.Size);
        for (var i = 0; i < texts.Length; i++) Marshal.WriteIntPtr(list, i * nint.Size, Marshal.StringToCoTaskMemUTF8(texts[i]));
        Marshal.WriteIntPtr(list, texts.Length * nint.Size, 0);
        return list;
    }
}
