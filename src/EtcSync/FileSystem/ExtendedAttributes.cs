using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace EtcSync.FileSystem;

/// <summary>How copying attributes went.</summary>
internal enum AttributesOutcome
{
    /// <summary>The target has the access control lists and user.* attributes of the source, and no others.</summary>
    Copied,

    /// <summary>The lists were copied, but the user.* attributes are more than the limits; those of the target are gone.</summary>
    OverLimit,
}

/// <summary>
/// Carries POSIX access control lists and user.* attributes from the file that is replaced to the one that replaces it.
/// Capabilities (security.capability) are not carried: they were granted to the old content. Labels (security.selinux)
/// are given by the kernel's policy.
/// </summary>
internal static class ExtendedAttributes
{
    /// <summary>The most user.* attributes that are carried.</summary>
    public const int CountLimit = 64;

    /// <summary>The most bytes that they may have in sum.</summary>
    public const int SizeLimit = 256 * 1024;

    private const int KernelLimit = 64 * 1024; // XATTR_LIST_MAX and XATTR_SIZE_MAX
    private const string AccessList = "system.posix_acl_access";
    private const string DefaultList = "system.posix_acl_default";
    private const string UserPrefix = "user.";

    /// <summary>
    /// Makes lists and user.* attributes of the target those of the source. Call it after the owner is set and before
    /// the mode is. A file system without attributes has none and takes none.
    /// </summary>
    /// <param name="source">A file or a directory, of the same kind as the target.</param>
    /// <param name="target">What gets the attributes.</param>
    /// <param name="mode">The mode that the target is going to have: a list never opens it further, not for a moment.</param>
    public static AttributesOutcome Copy(FileDescriptor source, FileDescriptor target, int mode)
    {
        var wanted = Names(source);
        foreach (var surplus in Names(target).Except(wanted, StringComparer.Ordinal)) Remove(target, surplus);
        foreach (var list in wanted.Where(n => n is AccessList or DefaultList)) CopyList(source, target, list, mode);
        return CopyUser(source, target, [.. wanted.Where(n => n.StartsWith(UserPrefix, StringComparison.Ordinal))]);
    }

    private static void CopyList(FileDescriptor source, FileDescriptor target, string name, int mode)
    {
        if (Get(source, name) is not { } value) return;
        if (string.Equals(name, AccessList, StringComparison.Ordinal) && !AccessControlList.TryFoldMode(value, mode)) return;
        Set(target, name, value);
    }

    private static AttributesOutcome CopyUser(FileDescriptor source, FileDescriptor target, string[] names)
    {
        var values = new List<(string Name, byte[] Value)>();
        var size = 0;
        foreach (var name in names.Take(CountLimit + 1))
        {
            if (Get(source, name) is not { } value) continue;
            values.Add((name, value));
            size += value.Length;
        }

        if (values.Count > CountLimit || size > SizeLimit)
        {
            foreach (var name in Names(target).Where(n => n.StartsWith(UserPrefix, StringComparison.Ordinal))) Remove(target, name);
            return AttributesOutcome.OverLimit;
        }

        foreach (var (name, value) in values) Set(target, name, value);
        return AttributesOutcome.Copied;
    }

    /// <summary>The names of the attributes that are carried. Latin-1 maps every byte to one character and back.</summary>
    private static List<string> Names(FileDescriptor file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(KernelLimit);
        try
        {
            var length = List(file, buffer);
            return [.. Encoding.Latin1.GetString(buffer, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(n => n is AccessList or DefaultList || n.StartsWith(UserPrefix, StringComparison.Ordinal))];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [SkipLocalsInit]
    private static int List(FileDescriptor file, byte[] buffer)
    {
        Span<byte> path = stackalloc byte[NativeText.DescriptorPathSize];
        var length = Libc.ListAttributes(in file.DescriptorPath(path)[0], ref buffer[0], KernelLimit);
        if (length >= 0) return (int)length;
        return Libc.LastError == Errno.EOPNOTSUPP ? 0 : throw file.Failure("list the attributes of");
    }

    /// <summary>Null where it is gone by now.</summary>
    [SkipLocalsInit]
    private static byte[]? Get(FileDescriptor file, string name)
    {
        Span<byte> path = stackalloc byte[NativeText.DescriptorPathSize];
        var buffer = ArrayPool<byte>.Shared.Rent(KernelLimit);
        try
        {
            var length = Libc.GetAttribute(in file.DescriptorPath(path)[0], in Terminated(name)[0], ref buffer[0], KernelLimit);
            if (length >= 0) return buffer[..(int)length];
            return Libc.LastError is Errno.ENODATA or Errno.EOPNOTSUPP ? null : throw file.Failure($"read the attribute {name} of");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [SkipLocalsInit]
    private static void Set(FileDescriptor file, string name, byte[] value)
    {
        Span<byte> path = stackalloc byte[NativeText.DescriptorPathSize];
        byte[] content = value.Length == 0 ? [0] : value;
        if (Libc.SetAttribute(in file.DescriptorPath(path)[0], in Terminated(name)[0], in content[0], (nuint)value.Length, 0) == 0) return;
        if (Libc.LastError != Errno.EOPNOTSUPP) throw file.Failure($"set the attribute {name} of");
    }

    [SkipLocalsInit]
    private static void Remove(FileDescriptor file, string name)
    {
        Span<byte> path = stackalloc byte[NativeText.DescriptorPathSize];
        if (Libc.RemoveAttribute(in file.DescriptorPath(path)[0], in Terminated(name)[0]) == 0) return;
        if (Libc.LastError is not (Errno.ENODATA or Errno.EOPNOTSUPP)) throw file.Failure($"remove the attribute {name} of");
    }

    private static byte[] Terminated(string name) => [.. Encoding.Latin1.GetBytes(name), 0];
}
