using System.Text;
using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

/// <summary>A client that rearranges its tree as fast as it can while we work in it.</summary>
public sealed class RaceTests : IDisposable
{
    private const int Rounds = 10_000;

    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Directory_swapped_for_a_link_never_leads_outside()
    {
        _tree.Write("d/sub/secret", "inside");
        File.CreateSymbolicLink(_tree.At("l"), _tree.Outside);
        int opened = 0, refused = 0;
        WhileSwapping("d", "l", round =>
        {
            var outcome = _tree.Top.OpenDirectory(round % 2 == 0 ? "d" : "d/sub", out var directory);
            if (directory is null)
            {
                Assert.Contains(outcome, new[] { OpenOutcome.SymbolicLink, OpenOutcome.Changing });
                refused++;
                return;
            }

            opened++;
            using (directory)
            {
                Assert.Equal(ChangeOutcome.Done, directory.CreateFile("new", "x"u8, out var file));
                file!.Dispose();
                Assert.Equal(ChangeOutcome.Done, directory.RenameNoReplace("new", directory, "renamed"));
                if (directory.ReadFile("secret", 100) is ReadOutcome.Content c) Assert.Equal("inside", Encoding.UTF8.GetString(c.Bytes));
                Assert.Equal(ChangeOutcome.Done, directory.Unlink("renamed"));
            }
        });
        Assert.True(opened > 0 && refused > 0, $"opened {opened}, refused {refused}");
        _tree.AssertOutsideUntouched();
    }

    [Fact]
    public void File_swapped_for_a_link_is_never_read_through_it()
    {
        _tree.Write("f", "inside");
        File.CreateSymbolicLink(_tree.At("l"), Path.Combine(_tree.Outside, "secret"));
        int read = 0, refused = 0;
        WhileSwapping("f", "l", _ =>
        {
            switch (_tree.Top.ReadFile("f", 1000))
            {
                case ReadOutcome.Content c:
                    Assert.Equal("inside", Encoding.UTF8.GetString(c.Bytes));
                    read++;
                    break;
                case ReadOutcome.OtherKind k:
                    Assert.Equal(FileKind.SymbolicLink, k.Status.Kind);
                    refused++;
                    break;
                case ReadOutcome.Changing:
                    break; // Being renamed changes its ctime.
                case var other:
                    Assert.Fail(other.ToString());
                    break;
            }
        });
        Assert.True(refused > 0, $"read {read}, refused {refused}");
    }

    [Fact]
    public void File_swapped_for_a_fifo_never_hangs()
    {
        _tree.Write("f", "inside");
        Assert.True(_tree.MakeNode("fifo", NodeKind.Fifo));
        WhileSwapping("f", "fifo", _ => Assert.IsNotType<ReadOutcome.Vanished>(_tree.Top.ReadFile("f", 1000)));
    }

    [Fact]
    public void Mode_of_a_reference_is_never_set_outside()
    {
        _tree.Write("f", "inside");
        File.CreateSymbolicLink(_tree.At("l"), Path.Combine(_tree.Outside, "secret"));
        using var outside = TemporaryTree.Open(_tree.Outside);
        var before = outside.Status("secret").Mode;
        WhileSwapping("f", "l", _ =>
        {
            using var reference = _tree.Reference("f");
            if (reference.Status().Kind == FileKind.Regular) reference.SetMode(TemporaryTree.Octal("777"));
        });
        Assert.Equal(before, outside.Status("secret").Mode);
        Assert.NotEqual(TemporaryTree.Octal("777"), before);
    }

    [Fact]
    public void Tree_deleted_while_its_directories_become_links_stays_inside()
    {
        for (var i = 0; i < 50; i++)
        {
            for (var f = 0; f < 10; f++) _tree.Write($"tree/d/{f}/file", "");
            File.CreateSymbolicLink(_tree.At("tree/l"), _tree.Outside);
            using var stop = new CancellationTokenSource();
            using var tree = _tree.Subdirectory("tree");
            var swapper = new Thread(() =>
            {
                while (!stop.IsCancellationRequested) tree.Exchange("d", tree, "l");
            });
            swapper.Start();
            var outcome = _tree.Top.DeleteTree("tree");
            stop.Cancel();
            swapper.Join();
            Assert.Equal(ChangeOutcome.Done, outcome);
        }

        _tree.AssertOutsideUntouched();
    }

    [Fact]
    public void Exchange_reader_always_finds_a_whole_file()
    {
        var versions = new[] { new string('a', 10_000), new string('b', 12_000) };
        _tree.Write("live", versions[0]);
        _tree.Write("staged", versions[1]);
        using var stop = new CancellationTokenSource();
        string? wrong = null;
        var reads = 0;
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested && wrong is null)
            {
                try
                {
                    var text = File.ReadAllText(_tree.At("live"));
                    if (!versions.Contains(text, StringComparer.Ordinal)) wrong = $"{text.Length} characters";
                    reads++;
                }
                catch (IOException e)
                {
                    wrong = e.Message;
                }
            }
        });
        reader.Start();
        for (var i = 0; i < Rounds || Volatile.Read(ref reads) < 100; i++)
        {
            Assert.Equal(ChangeOutcome.Done, _tree.Top.Exchange("live", _tree.Top, "staged"));
            if (wrong is not null) break;
        }

        stop.Cancel();
        reader.Join();
        Assert.Null(wrong);
    }

    private void WhileSwapping(string one, string other, Action<int> work)
    {
        using var stop = new CancellationTokenSource();
        using var ready = new ManualResetEventSlim();
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _tree.Top.Exchange(one, _tree.Top, other);
                ready.Set();
            }
        });
        swapper.Start();
        try
        {
            ready.Wait(stop.Token);
            for (var i = 0; i < Rounds; i++) work(i);
        }
        finally
        {
            stop.Cancel();
            swapper.Join();
        }
    }
}
