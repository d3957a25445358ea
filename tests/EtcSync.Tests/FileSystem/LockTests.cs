using System.Diagnostics;
using System.Runtime.InteropServices;
using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

public sealed class LockTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void LockFile_held_says_by_whom_and_is_free_after()
    {
        var path = _tree.At("lock");
        using (Acquired(LockFile.TryAcquire(path, "etcsync run")))
        {
            var held = Assert.IsType<LockOutcome.Held>(LockFile.TryAcquire(path, "etcsync sync"));
            Assert.Equal($"held by process {Environment.ProcessId} (etcsync run)", held.Holder);
        }

        using var again = Acquired(LockFile.TryAcquire(path, "etcsync sync"));
        Assert.Equal($"{Environment.ProcessId} etcsync sync\n", TemporaryTree.Text(_tree.Top.ReadFile("lock", 1000)));
        Assert.Equal(TemporaryTree.Octal("600"), _tree.Top.Status("lock").Mode);
    }

    [Fact]
    public async Task LockFile_of_a_process_that_dies_is_free()
    {
        var path = _tree.At("lock");
        using var holder = Process.Start("flock", ["--no-fork", path, "sleep", "60"])!;
        var start = Stopwatch.GetTimestamp();
        LockOutcome outcome;
        while (true)
        {
            outcome = LockFile.TryAcquire(path, "test");
            if (outcome is not LockOutcome.Acquired acquired) break;
            acquired.Lock.Dispose();
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
            await Task.Delay(10);
        }

        Assert.Equal("held by another process", Assert.IsType<LockOutcome.Held>(outcome).Holder);
        var waiting = LockFile.AcquireAsync(path, "test", Patience, TimeProvider.System, CancellationToken.None);
        holder.Kill();
        Acquired(await waiting).Dispose();
    }

    [Fact]
    public async Task LockFile_wait_ends_at_the_limit_or_when_cancelled()
    {
        var path = _tree.At("lock");
        using var held = Acquired(LockFile.TryAcquire(path, "one"));
        Assert.IsType<LockOutcome.Held>(await LockFile.AcquireAsync(path, "two", Short, TimeProvider.System, CancellationToken.None));
        using var cancel = new CancellationTokenSource(Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LockFile.AcquireAsync(path, "two", Timeout.InfiniteTimeSpan, TimeProvider.System, cancel.Token));
    }

    [Fact]
    public async Task LockFile_waiter_gets_it_when_it_is_given_back()
    {
        var path = _tree.At("lock");
        var held = Acquired(LockFile.TryAcquire(path, "one"));
        var waiting = LockFile.AcquireAsync(path, "two", Patience, TimeProvider.System, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        held.Dispose();
        using var second = Acquired(await waiting);
        Assert.Equal($"{Environment.ProcessId} two\n", TemporaryTree.Text(_tree.Top.ReadFile("lock", 1000)));
    }

    [Fact]
    public void LockFile_link_is_not_followed()
    {
        File.CreateSymbolicLink(_tree.At("lock"), Path.Combine(_tree.Outside, "secret"));
        Assert.Equal(Errno.ELOOP, Assert.Throws<FileSystemException>(() => LockFile.TryAcquire(_tree.At("lock"), "test")).Error);
        _tree.AssertOutsideUntouched();
    }

    [Fact]
    public async Task PasswordLock_creates_the_file_and_excludes_others()
    {
        using (await AcquiredPassword())
        {
            Assert.Equal(TemporaryTree.Octal("600"), _tree.Top.Status(PasswordLock.FileName).Mode);
            Assert.IsType<PasswordLockOutcome.Held>(await Password(Short));
            // Closing another descriptor of the file must not release it, as it would a lock of the older kind.
            _ = File.ReadAllBytes(_tree.At(PasswordLock.FileName));
            Assert.IsType<PasswordLockOutcome.Held>(await Password(Short));
        }

        (await AcquiredPassword()).Dispose();
    }

    [Fact]
    public async Task PasswordLock_held_the_way_of_lckpwdf_says_by_whom()
    {
        _tree.Write(PasswordLock.FileName, "");
        using (var file = File.Open(_tree.At(PasswordLock.FileName), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var range = new RecordLock { Type = RecordLock.Write };
            using var reference = new FileDescriptor(Duplicate(file), parent: null, "file");
            Assert.Equal(0, Libc.LockRange(reference, 6, ref range));
            // One try only: as both are this process, closing the file at the end of it drops the lock.
            Assert.Equal(new PasswordLockOutcome.Held(Environment.ProcessId), await Password(TimeSpan.Zero));
        }

        (await AcquiredPassword()).Dispose();
    }

    [Fact]
    public async Task PasswordLock_excludes_lckpwdf()
    {
        using var ours = await AcquiredPassword();
        using var file = File.Open(_tree.At(PasswordLock.FileName), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var reference = new FileDescriptor(Duplicate(file), parent: null, "file");
        var range = new RecordLock { Type = RecordLock.Write };
        Assert.Equal(-1, Libc.LockRange(reference, 6, ref range));
        Assert.Contains(Libc.LastError, new[] { Errno.EAGAIN, Errno.EACCES });
    }

    [Fact]
    public async Task PasswordLock_fifo_link_or_directory_is_unusable()
    {
        Assert.True(_tree.MakeNode(PasswordLock.FileName, NodeKind.Fifo));
        Assert.Equal(new PasswordLockOutcome.Unusable(FileKind.Fifo), await Password(Patience).WaitAsync(Patience));
        File.Delete(_tree.At(PasswordLock.FileName));
        File.CreateSymbolicLink(_tree.At(PasswordLock.FileName), Path.Combine(_tree.Outside, "new"));
        Assert.Equal(new PasswordLockOutcome.Unusable(FileKind.SymbolicLink), await Password(Patience));
        _tree.AssertOutsideUntouched();
    }

    [Fact]
    public async Task PasswordLock_waiter_gets_it_when_it_is_given_back()
    {
        var held = await AcquiredPassword();
        var waiting = Password(Patience);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        Assert.IsType<PasswordLockOutcome.Acquired>(await waiting).Lock.Dispose();
    }

    private static LockFile Acquired(LockOutcome outcome) => Assert.IsType<LockOutcome.Acquired>(outcome).Lock;

    private async Task<PasswordLock> AcquiredPassword() => Assert.IsType<PasswordLockOutcome.Acquired>(await Password(Patience)).Lock;

    private Task<PasswordLockOutcome> Password(TimeSpan limit) =>
        PasswordLock.AcquireAsync(_tree.Top, limit, TimeProvider.System, CancellationToken.None);

    private static int Duplicate(FileStream file)
    {
        var result = dup((int)file.SafeFileHandle.DangerousGetHandle());
        Assert.True(result >= 0);
        return result;
    }

    [DllImport("libc.so.6")]
    private static extern int dup(int descriptor);
}
