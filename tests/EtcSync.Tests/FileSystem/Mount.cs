using System.Runtime.InteropServices;

namespace EtcSync.Tests.FileSystem;

/// <summary>A bind mount for the length of a test, where mounting is permitted.</summary>
internal sealed partial class Mount : IDisposable
{
    private const ulong Bind = 4096;
    private const int Detach = 2;

    private readonly string _target;

    private Mount(string target) => _target = target;

    public static Mount? TryBind(string source, string target) => mount(source, target, null, Bind, 0) == 0 ? new(target) : null;

    public void Dispose() => _ = umount2(_target, Detach);

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, ulong flags, nint data);

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);
}
