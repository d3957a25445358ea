using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace EtcSync.Git;

/// <summary>
/// Binds LibGit2Sharp, and our own few calls, to the distribution's libgit2. LibGit2Sharp 0.29 asks for
/// "git2-a2bde63", a library of a package of its own; the part of the interface that we use (opening, references,
/// history, reading and writing objects) is the same from libgit2 1.5 to 1.9.
/// </summary>
internal static partial class LibGit2
{
    /// <summary>What our own imports name.</summary>
    public const string Name = "git2";

    private const string LibGit2SharpName = "git2-a2bde63";

    // Best first: 1.7 is what LibGit2Sharp 0.29 was built for.
    private static readonly string[] SharedObjects = ["libgit2.so.1.7", "libgit2.so.1.5", "libgit2.so.1.6", "libgit2.so.1.8", "libgit2.so.1.9"];

    private static readonly Lazy<IntPtr> Handle = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Loads the library, once; to be called before anything of LibGit2Sharp.</summary>
    /// <exception cref="DllNotFoundException">None is installed; the message says which were tried and what to install.</exception>
    public static void Initialize() => _ = Handle.Value;

    private static IntPtr Load()
    {
        var chosen = Environment.GetEnvironmentVariable("ETCSYNC_LIBGIT2");
        string[] candidates = string.IsNullOrEmpty(chosen) ? SharedObjects : [chosen];
        var tried = new List<string>();
        foreach (var candidate in candidates)
        {
            if (!NativeLibrary.TryLoad(candidate, out var handle))
            {
                tried.Add(candidate);
                continue;
            }

            var (major, minor) = Version(handle);
            if (major == 1 && minor is >= 5 and <= 9)
            {
                Bind(handle);
                return handle;
            }

            tried.Add($"{candidate} (version {major}.{minor})");
        }

        throw new DllNotFoundException(
            $"No usable libgit2 was found (tried {string.Join(", ", tried)}). Install it (Debian 12: libgit2-1.5, Ubuntu 24.04: libgit2-1.7, "
            + "Arch: libgit2), or name a library of version 1.5 to 1.9 in ETCSYNC_LIBGIT2.");
    }

    private static void Bind(IntPtr handle)
    {
        // LibGit2Sharp owns its assembly's import resolver; that one falls through to this event.
        var sharp = typeof(LibGit2Sharp.Repository).Assembly;
        AssemblyLoadContext.GetLoadContext(sharp)!.ResolvingUnmanagedDll +=
            (assembly, name) => assembly == sharp && name == LibGit2SharpName ? handle : IntPtr.Zero;
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Name ? handle : IntPtr.Zero);
        // Own count of the library's initialisations, whatever LibGit2Sharp does with its own.
        _ = NativeMethods.git_libgit2_init();
        // 36 is GIT_OPT_SET_OWNER_VALIDATION in every supported version: upstream may belong to another user than root.
        NativeMethods.SetOption(handle, 36, 0);
        LibGit2Sharp.GlobalSettings.SetEnableStrictObjectCreation(false);
    }

    private static unsafe (int Major, int Minor) Version(IntPtr handle)
    {
        if (!NativeLibrary.TryGetExport(handle, "git_libgit2_version", out var function)) return (0, 0);
        int major, minor, revision;
        _ = ((delegate* unmanaged[Cdecl]<int*, int*, int*, int>)function)(&major, &minor, &revision);
        return (major, minor);
    }

    /// <summary>libgit2's functions for which LibGit2Sharp has no (raw) equivalent: the object database.</summary>
    internal static unsafe partial class NativeMethods
    {
        /// <summary>git_odb_lookup_flags_t.</summary>
        internal enum Lookup : uint
        {
            Refresh = 0,
            NoRefresh = 1,
        }

        [LibraryImport(Name)]
        internal static partial int git_libgit2_init();

        [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int git_odb_open(out IntPtr odb, string objectsDirectory);

        [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int git_odb_add_disk_alternate(IntPtr odb, string objectsDirectory);

        [LibraryImport(Name)]
        internal static partial void git_odb_free(IntPtr odb);

        [LibraryImport(Name)]
        internal static partial int git_odb_read(out IntPtr obj, IntPtr odb, byte* id);

        [LibraryImport(Name)]
        internal static partial int git_odb_exists_ext(IntPtr odb, byte* id, Lookup lookup);

        [LibraryImport(Name)]
        internal static partial int git_odb_new(out IntPtr odb);

        [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int git_odb_backend_loose(out IntPtr backend, string objectsDirectory, int compression, int doSync, uint directoryMode, uint fileMode);

        [LibraryImport(Name)]
        internal static partial int git_odb_add_backend(IntPtr odb, IntPtr backend, int priority);

        [LibraryImport(Name)]
        internal static partial IntPtr git_odb_object_data(IntPtr obj);

        [LibraryImport(Name)]
        internal static partial nuint git_odb_object_size(IntPtr obj);

        [LibraryImport(Name)]
        internal static partial int git_odb_object_type(IntPtr obj);

        [LibraryImport(Name)]
        internal static partial void git_odb_object_free(IntPtr obj);

        [LibraryImport(Name)]
        internal static partial int git_odb_write(byte* id, IntPtr odb, byte* data, nuint length, int type);

        [LibraryImport(Name)]
        internal static partial IntPtr git_error_last();

        // git_libgit2_opts is variadic; on x86-64 and arm64 Linux integer arguments of a variadic call go where those of a plain one go.
        internal static void SetOption(IntPtr handle, int option, int value)
        {
            if (NativeLibrary.TryGetExport(handle, "git_libgit2_opts", out var function))
            {
                _ = ((delegate* unmanaged[Cdecl]<int, int, int>)function)(option, value);
            }
        }

        /// <summary>The library's last error message of this thread.</summary>
        internal static string LastError()
        {
            var error = git_error_last();
            return error == IntPtr.Zero ? "unknown error" : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(error)) ?? "unknown error";
        }
    }
}
