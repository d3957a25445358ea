using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

public sealed class SecureDirectoryTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void CreateAll_makes_what_is_missing_for_the_owner_only()
    {
        SecureDirectory.CreateAll(_tree.At("a/b/c/"));
        SecureDirectory.CreateAll(_tree.At("a/b/c"));
        using var b = _tree.Subdirectory("a/b");
        Assert.Equal(TemporaryTree.Octal("700"), b.Status("c").Mode);
        Assert.Equal(TemporaryTree.Octal("700"), _tree.Top.Status("a").Mode);
    }

    [Fact]
    public void CreateAll_directory_that_others_may_write_is_refused()
    {
        Directory.CreateDirectory(_tree.At("open"));
        using (var open = _tree.Subdirectory("open")) open.SetMode(TemporaryTree.Octal("777"));
        var e = Assert.Throws<FileSystemException>(() => SecureDirectory.CreateAll(_tree.At("open")));
        Assert.Contains("chmod go-w", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateAll_file_in_the_way_is_an_exception()
    {
        _tree.Write("file", "");
        Assert.Throws<FileSystemException>(() => SecureDirectory.CreateAll(_tree.At("file")));
        Assert.Throws<FileSystemException>(() => SecureDirectory.CreateAll(_tree.At("file/below")));
    }

    [Fact]
    public void WriteFile_replaces_whole_and_leaves_no_other_file()
    {
        SecureDirectory.WriteFile(_tree.At("state"), "one"u8, TemporaryTree.Octal("600"));
        SecureDirectory.WriteFile(_tree.At("state"), "two"u8, TemporaryTree.Octal("644"));
        Assert.Equal("two", File.ReadAllText(_tree.At("state")));
        Assert.Equal(TemporaryTree.Octal("644"), _tree.Top.Status("state").Mode);
        Assert.Equal(["state"], Directory.GetFileSystemEntries(_tree.Inside).Select(Path.GetFileName));
    }

    [Fact]
    public void WriteFile_that_cannot_be_put_in_place_leaves_no_other_file()
    {
        Directory.CreateDirectory(_tree.At("state"));
        Assert.Throws<FileSystemException>(() => SecureDirectory.WriteFile(_tree.At("state"), "one"u8, TemporaryTree.Octal("600")));
        Assert.Throws<FileSystemException>(() => SecureDirectory.WriteFile(_tree.At("missing/state"), "one"u8, TemporaryTree.Octal("600")));
        Assert.Equal(["state"], Directory.GetFileSystemEntries(_tree.Inside).Select(Path.GetFileName));
    }
}
