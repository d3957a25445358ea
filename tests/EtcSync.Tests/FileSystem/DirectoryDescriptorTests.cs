using EtcSync.Core.Git;
using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

public sealed class DirectoryDescriptorTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void OpenRoot_missing_file_or_link_says_which()
    {
        _tree.Write("file", "");
        File.CreateSymbolicLink(_tree.At("link"), _tree.Outside);
        Assert.Equal(OpenOutcome.Missing, DirectoryDescriptor.OpenRoot(_tree.At("nothing"), out _));
        Assert.Equal(OpenOutcome.NotDirectory, DirectoryDescriptor.OpenRoot(_tree.At("file"), out _));
        Assert.Equal(OpenOutcome.SymbolicLink, DirectoryDescriptor.OpenRoot(_tree.At("link"), out _));
        Assert.Throws<ArgumentException>(() => DirectoryDescriptor.OpenRoot("relative", out _));
    }

    [Theory]
    [InlineData("a/b", OpenOutcome.Opened)]
    [InlineData("nothing", OpenOutcome.Missing)]
    [InlineData("a/nothing", OpenOutcome.Missing)]
    [InlineData("a/file", OpenOutcome.NotDirectory)]
    [InlineData("a/file/below", OpenOutcome.NotDirectory)]
    [InlineData("out", OpenOutcome.SymbolicLink)]
    [InlineData("out/below", OpenOutcome.SymbolicLink)]
    [InlineData("to-a", OpenOutcome.SymbolicLink)]
    [InlineData("to-a/b", OpenOutcome.SymbolicLink)]
    [InlineData("..", OpenOutcome.Outside)]
    [InlineData("a/../../outside", OpenOutcome.Outside)]
    [InlineData("/etc", OpenOutcome.Outside)]
    internal void OpenDirectory_path_has_its_outcome(string path, OpenOutcome expected)
    {
        _tree.Write("a/b/file", "");
        _tree.Write("a/file", "");
        File.CreateSymbolicLink(_tree.At("out"), _tree.Outside);
        File.CreateSymbolicLink(_tree.At("to-a"), "a");
        Assert.Equal(expected, _tree.Top.OpenDirectory(path, out var directory));
        Assert.Equal(expected == OpenOutcome.Opened, directory is not null);
        directory?.Dispose();
    }

    [Fact]
    public void OpenDirectory_mount_point_is_outside()
    {
        using var root = TemporaryTree.Open("/");
        Assert.Equal(OpenOutcome.Outside, root.OpenDirectory("proc", out _));
        Assert.Equal(OpenOutcome.Outside, root.OpenDirectory("proc/self", out _));
    }

    [Fact]
    public void OpenDirectory_magic_link_is_refused()
    {
        using var process = TemporaryTree.Open($"/proc/{Environment.ProcessId}");
        Assert.Equal(OpenOutcome.SymbolicLink, process.OpenDirectory("root", out _));
        Assert.Equal(OpenOutcome.SymbolicLink, process.OpenDirectory("cwd", out _));
        Assert.Equal(OpenOutcome.SymbolicLink, process.OpenDirectory("root/etc", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void Name_that_is_no_component_is_refused_everywhere(string name)
    {
        Assert.Throws<ArgumentException>(() => _tree.Top.TryStatus(name, out _));
        Assert.Throws<ArgumentException>(() => _tree.Top.TryStatus(TemporaryTree.Bytes(name), out _));
        Assert.Throws<ArgumentException>(() => _tree.Top.ReadFile(name, 10));
        Assert.Throws<ArgumentException>(() => _tree.Top.CreateFile(name, [], out _));
        Assert.Throws<ArgumentException>(() => _tree.Top.Rename("x", _tree.Top, name));
        Assert.Throws<ArgumentException>(() => _tree.Top.Unlink(name));
        Assert.Throws<ArgumentException>(() => _tree.Top.CreateDirectory(name));
    }

    [Fact]
    public void Status_agrees_with_stat()
    {
        _tree.Write("file", "12345");
        using var stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%a %u %g %s %i %d %h %Y %Z", _tree.At("file")]) 
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        var expected = stat.StandardOutput.ReadToEnd().Trim();
        var s = _tree.Top.Status("file");
        Assert.Equal(expected, $"{Convert.ToString(s.Mode, 8)} {s.Uid} {s.Gid} {s.Size} {s.Inode} {s.Device} {s.LinkCount} {s.MTime.Seconds} {s.CTime.Seconds}");
        Assert.Equal(FileKind.Regular, s.Kind);
        using var reference = _tree.Reference("file");
        Assert.Equal(s, reference.Status());
        Assert.True(_tree.Top.TryStatus("file"u8, out var again));
        Assert.Equal(s, again);
    }

    [Fact]
    public void Status_every_kind_is_told_apart_and_links_are_not_followed()
    {
        Directory.CreateDirectory(_tree.At("directory"));
        File.CreateSymbolicLink(_tree.At("link"), Path.Combine(_tree.Outside, "secret"));
        Assert.True(_tree.MakeNode("fifo", NodeKind.Fifo));
        Assert.True(_tree.MakeNode("socket", NodeKind.Socket));
        Assert.Equal(FileKind.Directory, _tree.Top.Status("directory").Kind);
        Assert.Equal(FileKind.SymbolicLink, _tree.Top.Status("link").Kind);
        Assert.Equal(FileKind.Fifo, _tree.Top.Status("fifo").Kind);
        Assert.Equal(FileKind.Socket, _tree.Top.Status("socket").Kind);
        if (_tree.MakeNode("device", NodeKind.CharacterDevice)) Assert.Equal(FileKind.CharacterDevice, _tree.Top.Status("device").Kind);
        Assert.False(_tree.Top.TryStatus("nothing", out _));
        Assert.Equal(Errno.ENOENT, Assert.Throws<FileSystemException>(() => _tree.Top.Status("nothing")).Error);
    }

    [Fact]
    public void Enumerate_ten_thousand_entries_finds_each_once_and_again()
    {
        for (var i = 0; i < 10_000; i++) File.WriteAllBytes(_tree.At($"entry-{i}"), []);
        for (var pass = 0; pass < 2; pass++)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in _tree.Top.Enumerate())
            {
                Assert.Equal(FileKind.Regular, entry.Kind);
                Assert.True(names.Add(entry.Name));
            }

            Assert.Equal(10_000, names.Count);
            Assert.Contains("entry-9999", names);
        }
    }

    [Fact]
    public void Enumerate_removed_directory_is_empty()
    {
        Directory.CreateDirectory(_tree.At("directory"));
        using var directory = _tree.Subdirectory("directory");
        Directory.Delete(_tree.At("directory"));
        foreach (var entry in directory.Enumerate()) Assert.Fail(entry.Name);
        Assert.Equal(ChangeOutcome.Missing, directory.CreateFile("file", [], out _));
    }

    [Fact]
    public void Names_not_utf8_survive_every_operation()
    {
        var name = GitName.Decode([0x66, 0xFF, 0xC3, 0x28, 0xE2, 0x82]);
        Assert.False(GitName.IsUtf8(name));
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateFile(name, "content"u8, out var file));
        file!.Dispose();
        var found = new List<string>();
        foreach (var entry in _tree.Top.Enumerate()) found.Add(entry.Name);
        Assert.Equal([name], found);
        Assert.Equal("content", TemporaryTree.Text(_tree.Top.ReadFile(name, 100)));
        Assert.Equal(7, _tree.Top.Status(name).Size);
        Assert.Equal(ChangeOutcome.Done, _tree.Top.RenameNoReplace(name, _tree.Top, "müller"));
        Assert.Equal(7, _tree.Top.Status("müller").Size);
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateDirectory(name));
        _tree.Subdirectory(name).Dispose();
        Assert.Equal(ChangeOutcome.Done, _tree.Top.RemoveDirectory(name));
    }

    [Fact]
    public void Names_of_255_bytes_are_allowed_and_longer_ones_are_not()
    {
        var longest = string.Concat(Enumerable.Repeat("ä", 127)) + "x";
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateFile(longest, [], out var file));
        file!.Dispose();
        Assert.True(_tree.Top.TryStatus(longest, out _));
        foreach (var entry in _tree.Top.Enumerate()) Assert.Equal(255, entry.NameBytes.Length);
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<FileSystemException>(() => _tree.Top.CreateFile(longest + "y", [], out _)).Error);
    }

    [Fact]
    public void OpenDirectory_deeper_than_a_path_can_be_goes_level_by_level()
    {
        var name = new string('d', 200);
        var open = new List<DirectoryDescriptor> { _tree.Top };
        for (var i = 0; i < 25; i++)
        {
            Assert.Equal(ChangeOutcome.Done, open[^1].CreateDirectory(name));
            Assert.Equal(OpenOutcome.Opened, open[^1].OpenDirectory(name, out var next));
            open.Add(next!);
        }

        Assert.Equal(ChangeOutcome.Done, open[^1].CreateFile("file", "x"u8, out var file));
        file!.Dispose();
        Assert.Equal(OpenOutcome.Missing, _tree.Top.OpenDirectory(string.Join('/', Enumerable.Repeat(name, 25)), out _));
        foreach (var directory in open.Skip(1)) directory.Dispose();
        Assert.Equal(ChangeOutcome.Done, _tree.Top.DeleteTree(name));
    }

    [Fact]
    public void FileSystem_id_is_stable_and_tells_file_systems_apart()
    {
        using var proc = TemporaryTree.Open("/proc");
        var id = _tree.Top.FileSystem();
        Assert.True(id.IsSameAs(_tree.Top.FileSystem()));
        Assert.False(id.IsSameAs(proc.FileSystem()));
        Assert.True(FileSystemId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
        Assert.False(FileSystemId.TryParse("something else", out _));
    }

    [Fact]
    public void FileSystem_id_on_xfs_the_uuid_decides_where_both_know_it()
    {
        const long Xfs = 0x58465342;
        Assert.True(new FileSystemId(Xfs, 1, "aa").IsSameAs(new FileSystemId(Xfs, 2, "aa")));
        Assert.False(new FileSystemId(Xfs, 1, "aa").IsSameAs(new FileSystemId(Xfs, 1, "bb")));
        Assert.True(new FileSystemId(Xfs, 1, "aa").IsSameAs(new FileSystemId(Xfs, 1, "")));
        Assert.False(new FileSystemId(0xEF53, 1, "aa").IsSameAs(new FileSystemId(0xEF53, 2, "aa")));
    }

    [Fact]
    public void Failure_says_what_where_and_what_to_do()
    {
        var e = new FileSystemException("write to", "/srv/etc-a/x", Errno.ENOSPC);
        Assert.Contains("'/srv/etc-a/x'", e.Message, StringComparison.Ordinal);
        Assert.Contains("ENOSPC", e.Message, StringComparison.Ordinal);
        Assert.Contains("Free space", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.ENOSYS, "missing")]
    [InlineData(Errno.EPERM, "forbidden")]
    internal void Openat2_not_available_says_what_is_needed(Errno error, string word)
    {
        var message = DirectoryDescriptor.OpenFailure(error, "/srv/etc-a").Message;
        Assert.Contains($"openat2 is {word}", message, StringComparison.Ordinal);
        Assert.Contains("Linux 5.6", message, StringComparison.Ordinal);
        Assert.Contains("seccomp", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(3_000)]
    public void Enumeration_askedForANameBefore_givesEveryEntryOnce(int others)
    {
        for (var i = 0; i < others; i++) _tree.Write($"some-longer-name-{i}", "");
        Assert.Equal(others > 1_000, Ask(out var names));
        Assert.Equal(others, names.Distinct().Count());
        Assert.Equal(others, names.Count);
        _tree.Write(".gitignore", "");
        Assert.True(Ask(out names));
        Assert.Equal(others + 1, names.Count);
        Assert.Contains(".gitignore", names);

        bool Ask(out List<string> names)
        {
            names = [];
            using var entries = _tree.Top.Enumerate();
            var may = entries.MayHave(".gitignore"u8);
            while (entries.MoveNext()) names.Add(entries.Current.Name);
            return may;
        }
    }
}
