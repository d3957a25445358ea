using System.Buffers.Binary;
using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

public sealed class ExtendedAttributesTests : IDisposable
{
    private const string AccessList = "system.posix_acl_access";
    private const string DefaultList = "system.posix_acl_default";

    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Copy_user_attributes_makes_the_target_equal()
    {
        using var source = New("source");
        using var target = New("target");
        if (!Set(source, "user.one", "1"u8)) return; // A file system without attributes.
        Set(source, "user.empty", []);
        Set(target, "user.surplus", "x"u8);
        Assert.Equal(AttributesOutcome.Copied, ExtendedAttributes.Copy(source, target, TemporaryTree.Octal("644")));
        Assert.Equal("1"u8.ToArray(), Get(target, "user.one"));
        Assert.Empty(Get(target, "user.empty")!);
        Assert.Null(Get(target, "user.surplus"));
    }

    [Fact]
    public void Copy_reads_from_a_reference()
    {
        using (var source = New("source"))
        {
            if (!Set(source, "user.one", "1"u8)) return;
        }

        using var reference = _tree.Reference("source");
        using var target = New("target");
        Assert.Equal(AttributesOutcome.Copied, ExtendedAttributes.Copy(reference, target, TemporaryTree.Octal("600")));
        Assert.Equal("1"u8.ToArray(), Get(target, "user.one"));
    }

    [Fact]
    public void Copy_too_many_attributes_are_left_out()
    {
        using var source = New("source");
        using var target = New("target");
        for (var i = 0; i <= ExtendedAttributes.CountLimit; i++)
        {
            if (!Set(source, $"user.{i}", "1"u8)) return;
        }

        Set(target, "user.0", "old"u8);
        Assert.Equal(AttributesOutcome.OverLimit, ExtendedAttributes.Copy(source, target, TemporaryTree.Octal("644")));
        Assert.Null(Get(target, "user.0"));
    }

    [Fact]
    public void Copy_access_list_is_never_more_open_than_the_mode()
    {
        using var source = New("source");
        using var target = New("target");
        if (!Set(source, AccessList, List(6, 4, 4, 6, 4))) return; // A file system without lists.
        Assert.Equal(AttributesOutcome.Copied, ExtendedAttributes.Copy(source, target, TemporaryTree.Octal("600")));
        Assert.Equal(TemporaryTree.Octal("600"), target.Status().Mode);
        Assert.Equal(List(6, 4, 4, 0, 0), Get(target, AccessList));
        target.SetMode(TemporaryTree.Octal("640"));
        Assert.Equal(List(6, 4, 4, 4, 0), Get(target, AccessList));
    }

    [Fact]
    public void Copy_removes_a_list_that_the_source_has_not()
    {
        using var source = New("source");
        using var target = New("target");
        if (!Set(target, AccessList, List(6, 4, 4, 6, 0))) return;
        ExtendedAttributes.Copy(source, target, TemporaryTree.Octal("600"));
        Assert.Null(Get(target, AccessList));
    }

    [Fact]
    public void Copy_directories_carries_the_default_list()
    {
        Directory.CreateDirectory(_tree.At("source"));
        Directory.CreateDirectory(_tree.At("target"));
        using var source = _tree.Subdirectory("source");
        using var target = _tree.Subdirectory("target");
        if (!Set(source, DefaultList, List(7, 5, 5, 7, 5))) return;
        ExtendedAttributes.Copy(source, target, TemporaryTree.Octal("755"));
        Assert.Equal(List(7, 5, 5, 7, 5), Get(target, DefaultList));
    }

    [Fact]
    public void Copy_between_file_systems_without_attributes_does_nothing()
    {
        using var proc = TemporaryTree.Open("/proc");
        Assert.Equal(OpenOutcome.Opened, proc.OpenReference("version", out var source));
        using var target = New("target");
        using (source) Assert.Equal(AttributesOutcome.Copied, ExtendedAttributes.Copy(source!, target, TemporaryTree.Octal("600")));
    }

    [Fact]
    public void FoldMode_without_a_mask_sets_the_owning_group()
    {
        byte[] list = [2, 0, 0, 0, .. Entry(1, 7, -1), .. Entry(4, 7, -1), .. Entry(0x20, 7, -1)];
        Assert.True(AccessControlList.TryFoldMode(list, TemporaryTree.Octal("640")));
        Assert.Equal([2, 0, 0, 0, .. Entry(1, 6, -1), .. Entry(4, 4, -1), .. Entry(0x20, 0, -1)], list);
        Assert.False(AccessControlList.TryFoldMode([1, 2, 3], 0));
        Assert.False(AccessControlList.TryFoldMode([3, 0, 0, 0], 0));
        Assert.False(AccessControlList.TryFoldMode([2, 0, 0, 0, 1], 0));
    }

    private FileDescriptor New(string name)
    {
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateFile(name, "x"u8, out var file));
        return file!;
    }

    /// <summary>Owner, user 1234, owning group, mask, others.</summary>
    private static byte[] List(int owner, int user, int group, int mask, int others) =>
        [2, 0, 0, 0, .. Entry(1, owner, -1), .. Entry(2, user, 1234), .. Entry(4, group, -1), .. Entry(0x10, mask, -1), .. Entry(0x20, others, -1)];

    private static byte[] Entry(ushort tag, int permissions, int id)
    {
        var entry = new byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(entry, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(2), (ushort)permissions);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), id);
        return entry;
    }

    private static bool Set(FileDescriptor file, string name, ReadOnlySpan<byte> value)
    {
        byte[] content = [.. value, 0];
        Span<byte> path = stackalloc byte[NativeText.DescriptorPathSize];
        return Libc.SetAttribute(in file.DescriptorPath(path)[0], in TemporaryTree.Bytes(name + "\0")[0], in content[0], (nuint)value.Length, 0) == 0;
    }

    private static byte[]? Get(FileDescriptor file, string name)
    {
        var buffer = new byte[65536];
        Span<byte> path = stackalloc byte[NativeText.DescriptorPathSize];
        var length = Libc.GetAttribute(in file.DescriptorPath(path)[0], in TemporaryTree.Bytes(name + "\0")[0], ref buffer[0], (nuint)buffer.Length);
        return length < 0 ? null : buffer[..(int)length];
    }
}
