using System.Text;
using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

public sealed class ReadingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public void ReadFile_regular_file_gives_content_and_status(int size)
    {
        _tree.Write("file", new string('x', size));
        var content = Assert.IsType<ReadOutcome.Content>(_tree.Top.ReadFile("file", 300_000));
        Assert.Equal(File.ReadAllBytes(_tree.At("file")), content.Bytes);
        Assert.Equal(_tree.Top.Status("file"), content.Status);
    }

    [Fact]
    public void ReadFile_over_the_limit_is_not_read()
    {
        _tree.Write("file", "12345");
        Assert.Equal(new ReadOutcome.TooLarge(5), _tree.Top.ReadFile("file", 4));
        using (var huge = File.Create(_tree.At("huge"))) huge.SetLength(1L << 40);
        Assert.Equal(new ReadOutcome.TooLarge(1L << 40), _tree.Top.ReadFile("huge", int.MaxValue));
    }

    [Fact]
    public void ReadFile_missing_has_vanished() => Assert.IsType<ReadOutcome.Vanished>(_tree.Top.ReadFile("nothing", 10));

    [Fact]
    public async Task ReadFile_fifo_or_socket_does_not_hang()
    {
        Assert.True(_tree.MakeNode("fifo", NodeKind.Fifo));
        Assert.True(_tree.MakeNode("socket", NodeKind.Socket));
        var reading = Task.Run(() => (_tree.Top.ReadFile("fifo", 10), _tree.Top.ReadFile("socket", 10)));
        var (fifo, socket) = await reading.WaitAsync(Patience);
        Assert.Equal(FileKind.Fifo, Assert.IsType<ReadOutcome.OtherKind>(fifo).Status.Kind);
        Assert.Equal(FileKind.Socket, Assert.IsType<ReadOutcome.OtherKind>(socket).Status.Kind);
    }

    [Fact]
    public void ReadFile_device_is_not_opened()
    {
        if (!_tree.MakeNode("device", NodeKind.CharacterDevice)) return; // Only root may make one.
        Assert.Equal(FileKind.CharacterDevice, Assert.IsType<ReadOutcome.OtherKind>(_tree.Top.ReadFile("device", 10)).Status.Kind);
    }

    [Fact]
    public void ReadFile_link_or_directory_is_not_followed()
    {
        File.CreateSymbolicLink(_tree.At("link"), Path.Combine(_tree.Outside, "secret"));
        Directory.CreateDirectory(_tree.At("directory"));
        Assert.Equal(FileKind.SymbolicLink, Assert.IsType<ReadOutcome.OtherKind>(_tree.Top.ReadFile("link", 1000)).Status.Kind);
        Assert.Equal(FileKind.Directory, Assert.IsType<ReadOutcome.OtherKind>(_tree.Top.ReadFile("directory", 1000)).Status.Kind);
    }

    [Fact]
    public void ReadFile_file_that_grows_meanwhile_is_whole_or_changing()
    {
        _tree.Write("file", new string('x', 1 << 20));
        using var stop = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            using var file = new FileStream(_tree.At("file"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            while (!stop.IsCancellationRequested) file.WriteByte((byte)'x');
        });
        writer.Start();
        try
        {
            for (var i = 0; i < 200; i++)
            {
                var outcome = _tree.Top.ReadFile("file", 1 << 28);
                if (outcome is ReadOutcome.Content content) Assert.Equal(content.Status.Size, content.Bytes.Length);
                else Assert.IsType<ReadOutcome.Changing>(outcome);
            }
        }
        finally
        {
            stop.Cancel();
            writer.Join();
        }
    }

    [Fact]
    public void ReadLink_gives_the_target_as_bytes()
    {
        var target = new string('t', 4095);
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateSymbolicLink("longest", TemporaryTree.Bytes(target)));
        Assert.Equal(ChangeOutcome.Done, _tree.Top.CreateSymbolicLink("odd", [0xFF, 0x2F, 0xFE]));
        Assert.Equal(target, TemporaryTree.Text(_tree.Top.ReadLink("longest")));
        var odd = Assert.IsType<ReadOutcome.Content>(_tree.Top.ReadLink("odd"));
        Assert.Equal([0xFF, 0x2F, 0xFE], odd.Bytes);
        Assert.Equal(_tree.Top.Status("odd"), odd.Status);
    }

    [Fact]
    public void ReadLink_of_something_else_says_so()
    {
        _tree.Write("file", "");
        Assert.Equal(FileKind.Regular, Assert.IsType<ReadOutcome.OtherKind>(_tree.Top.ReadLink("file")).Status.Kind);
        Assert.IsType<ReadOutcome.Vanished>(_tree.Top.ReadLink("nothing"));
    }

    [Fact]
    public void ReadFile_mounted_over_is_outside()
    {
        _tree.Write("file", "below");
        using var mount = Mount.TryBind(Path.Combine(_tree.Outside, "secret"), _tree.At("file"));
        if (mount is null) return; // Not permitted here.
        Assert.IsType<ReadOutcome.Outside>(_tree.Top.ReadFile("file", 1000));
    }

    [Fact]
    public void ReadFile_without_rights_is_an_exception_that_says_so()
    {
        if (TemporaryTree.IsRoot) return; // Root may read everything.
        _tree.Write("file", "x");
        using (var reference = _tree.Reference("file")) reference.SetMode(0);
        Assert.Equal(Errno.EACCES, Assert.Throws<FileSystemException>(() => _tree.Top.ReadFile("file", 10)).Error);
    }

    [Fact]
    public void Status_of_content_tells_versions_apart()
    {
        _tree.Write("file", "one");
        var first = Assert.IsType<ReadOutcome.Content>(_tree.Top.ReadFile("file", 10));
        Thread.Sleep(20);
        File.WriteAllText(_tree.At("file"), "two", new UTF8Encoding(false));
        var second = Assert.IsType<ReadOutcome.Content>(_tree.Top.ReadFile("file", 10));
        Assert.True(first.Status.CTime < second.Status.CTime);
    }
}
