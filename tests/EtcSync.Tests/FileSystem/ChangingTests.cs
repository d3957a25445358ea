using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

public sealed class ChangingTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void CreateFile_is_for_its_owner_only_and_holds_the_content()
    {
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateFile("file", "content"u8, out var file));
        using (file)
        {
            Assert.Equal(TemporaryTree.Octal("600"), file!.Status().Mode);
            Assert.Equal("content", File.ReadAllText(_tree.At("file")));
        }
    }

    [Fact]
    public void CreateFile_name_taken_even_by_a_dangling_link_exists()
    {
        _tree.Write("file", "old");
        File.CreateSymbolicLink(_tree.At("dangling"), Path.Combine(_tree.Outside, "new"));
        Assert.Equal(ChangeOutcome.Exists, _tree.Top.CreateFile("file", "new"u8, out _));
        Assert.Equal(ChangeOutcome.Exists, _tree.Top.CreateFile("dangling", "new"u8, out _));
        Assert.Equal("old", File.ReadAllText(_tree.At("file")));
        _tree.AssertOutsideUntouched();
    }

    [Fact]
    public void CreateFile_full_disk_leaves_nothing_and_says_so()
    {
        using var full = TinyFileSystem.TryMount(Directory.CreateDirectory(_tree.At("tiny")).FullName);
        if (full is null) return; // Not permitted here.
        using var directory = TemporaryTree.Open(_tree.At("tiny"));
        var e = Assert.Throws<FileSystemException>(() => directory.CreateFile("file", new byte[1 << 20], out _));
        Assert.Equal(Errno.ENOSPC, e.Error);
        Assert.Contains("Free space", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_tree.At("tiny")));
    }

    [Fact]
    public void CreateDirectory_is_for_its_owner_only()
    {
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateDirectory("directory"));
        Assert.Equal(TemporaryTree.Octal("700"), _tree.Top.Status("directory").Mode);
        Assert.Equal(ChangeOutcome.Exists, _tree.Top.CreateDirectory("directory"));
    }

    [Fact]
    public void CreateSymbolicLink_refuses_what_no_link_can_hold()
    {
        Assert.Throws<ArgumentException>(() => _tree.Top.CreateSymbolicLink("link", []));
        Assert.Throws<ArgumentException>(() => _tree.Top.CreateSymbolicLink("link", "a\0b"u8));
        _tree.Write("file", "");
        Assert.Equal(ChangeOutcome.Exists, _tree.Top.CreateSymbolicLink("file", "x"u8));
    }

    [Fact]
    public void Exchange_swaps_also_over_directories_and_kinds()
    {
        _tree.Write("a/file", "one");
        Directory.CreateDirectory(_tree.At("b/directory"));
        using var a = _tree.Subdirectory("a");
        using var b = _tree.Subdirectory("b");
        Assert.Equal(ChangeOutcome.Done, a.Exchange("file", b, "directory"));
        Assert.Equal(FileKind.Directory, a.Status("file").Kind);
        Assert.Equal("one", File.ReadAllText(_tree.At("b/directory")));
        Assert.Equal(ChangeOutcome.Missing, a.Exchange("file", b, "nothing"));
        Assert.Equal(ChangeOutcome.Missing, a.Exchange("nothing", b, "directory"));
    }

    [Fact]
    public void Rename_outcomes()
    {
        _tree.Write("file", "one");
        _tree.Write("other", "two");
        _tree.Write("full/file", "");
        Directory.CreateDirectory(_tree.At("empty"));
        Assert.Equal(ChangeOutcome.Exists, _tree.Top.RenameNoReplace("file", _tree.Top, "other"));
        Assert.Equal(ChangeOutcome.Missing, _tree.Top.RenameNoReplace("nothing", _tree.Top, "new"));
        Assert.Equal(ChangeOutcome.IsDirectory, _tree.Top.Rename("file", _tree.Top, "empty"));
        Assert.Equal(ChangeOutcome.NotDirectory, _tree.Top.Rename("empty", _tree.Top, "file"));
        Assert.Equal(ChangeOutcome.NotEmpty, _tree.Top.Rename("empty", _tree.Top, "full"));
        using var full = _tree.Subdirectory("full");
        Assert.Equal(ChangeOutcome.Unsupported, _tree.Top.Rename("full", full, "itself"));
        Assert.Equal(ChangeOutcome.Done, _tree.Top.Rename("file", _tree.Top, "other"));
        Assert.Equal("one", File.ReadAllText(_tree.At("other")));
        using var shm = TemporaryTree.Open("/dev/shm");
        if (!shm.FileSystem().IsSameAs(_tree.Top.FileSystem()))
            Assert.Equal(ChangeOutcome.OtherFileSystem, _tree.Top.RenameNoReplace("other", shm, "etcsync-test"));
    }

    [Fact]
    public void Unlink_and_RemoveDirectory_outcomes()
    {
        _tree.Write("full/file", "");
        _tree.Write("file", "");
        Directory.CreateDirectory(_tree.At("empty"));
        File.CreateSymbolicLink(_tree.At("link"), _tree.Outside);
        Assert.Equal(ChangeOutcome.IsDirectory, _tree.Top.Unlink("empty"));
        Assert.Equal(ChangeOutcome.Missing, _tree.Top.Unlink("nothing"));
        Assert.Equal(ChangeOutcome.NotDirectory, _tree.Top.RemoveDirectory("file"));
        Assert.Equal(ChangeOutcome.NotDirectory, _tree.Top.RemoveDirectory("link"));
        Assert.Equal(ChangeOutcome.NotEmpty, _tree.Top.RemoveDirectory("full"));
        Assert.Equal(ChangeOutcome.Missing, _tree.Top.RemoveDirectory("nothing"));
        Assert.Equal(ChangeOutcome.Done, _tree.Top.RemoveDirectory("empty"));
        Assert.Equal(ChangeOutcome.Done, _tree.Top.Unlink("link"));
        Assert.Equal(ChangeOutcome.Done, _tree.Top.Unlink("file"));
        _tree.AssertOutsideUntouched();
    }

    [Fact]
    public void SetMode_after_the_owner_keeps_set_id_bits()
    {
        if (!TemporaryTree.IsRoot) return; // Only root may give files away.
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateFile("file", "x"u8, out var file));
        using (file)
        {
            file!.SetOwner(1234, 2345);
            file.SetMode(TemporaryTree.Octal("4755"));
        }

        var status = _tree.Top.Status("file");
        Assert.Equal((1234u, 2345u, TemporaryTree.Octal("4755")), (status.Uid, status.Gid, status.Mode));
    }

    [Fact]
    public void SetMode_works_on_a_reference_and_on_a_directory()
    {
        _tree.Write("directory/file", "");
        using (var directory = _tree.Subdirectory("directory")) directory.SetMode(TemporaryTree.Octal("1750"));
        using (var reference = _tree.Reference("directory")) Assert.Equal(TemporaryTree.Octal("1750"), reference.Status().Mode);
        using (var reference = _tree.Reference("directory")) reference.SetMode(TemporaryTree.Octal("2711"));
        Assert.Equal(TemporaryTree.Octal("2711"), _tree.Top.Status("directory").Mode);
    }

    [Fact]
    public void SetOwner_of_a_link_leaves_its_target_alone()
    {
        if (!TemporaryTree.IsRoot) return; // Only root may give files away.
        File.CreateSymbolicLink(_tree.At("link"), Path.Combine(_tree.Outside, "secret"));
        using (var reference = _tree.Reference("link")) reference.SetOwner(1235, 1235);
        Assert.Equal(1235u, _tree.Top.Status("link").Uid);
        using var outside = TemporaryTree.Open(_tree.Outside);
        Assert.Equal(0u, outside.Status("secret").Uid);
    }

    [Fact]
    public void DeleteTree_removes_all_and_follows_nothing()
    {
        _tree.Write("tree/a/b/file", "");
        _tree.Write("tree/file", "");
        File.CreateSymbolicLink(_tree.At("tree/a/out"), _tree.Outside);
        Assert.True(_tree.MakeNode("tree/fifo", NodeKind.Fifo));
        File.CreateSymbolicLink(_tree.At("link"), _tree.Outside);
        Assert.Equal(ChangeOutcome.Done, _tree.Top.DeleteTree("tree"));
        Assert.False(_tree.Top.TryStatus("tree", out _));
        Assert.Equal(ChangeOutcome.Missing, _tree.Top.DeleteTree("tree"));
        Assert.Equal(ChangeOutcome.NotDirectory, _tree.Top.DeleteTree("link"));
        _tree.AssertOutsideUntouched();
    }

    [Fact]
    public void DeleteTree_very_deep_tree_is_removed()
    {
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateDirectory("tree"));
        var at = _tree.Subdirectory("tree");
        for (var i = 0; i < 3_000; i++)
        {
            Assert.Equal(ChangeOutcome.Done, at.CreateDirectory("d"));
            Assert.Equal(OpenOutcome.Opened, at.OpenDirectory("d", out var next));
            at.Dispose();
            at = next!;
        }

        at.Dispose();
        Assert.Equal(ChangeOutcome.Done, _tree.Top.DeleteTree("tree"));
        Assert.False(_tree.Top.TryStatus("tree", out _));
    }

    [Fact]
    public void DeleteTree_stops_at_a_mount_point()
    {
        Directory.CreateDirectory(_tree.At("tree/mounted"));
        using var mount = Mount.TryBind(_tree.Outside, _tree.At("tree/mounted"));
        if (mount is null) return; // Not permitted here.
        Assert.Equal(ChangeOutcome.OtherFileSystem, _tree.Top.DeleteTree("tree"));
        _tree.AssertOutsideUntouched();
    }
}
