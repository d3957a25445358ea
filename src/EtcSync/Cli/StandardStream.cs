using System.Runtime.InteropServices;
using EtcSync.FileSystem;

namespace EtcSync.Cli;

/// <summary>
/// Standard output or standard error, written with write(2) and nothing else. Console's streams prepare the terminal for
/// reading keys and send it ESC [ ? 1 h; a FileStream remembers its own place in a file, and what git writes there in
/// between would be lost.
/// </summary>
internal sealed class StandardStream(int descriptor) : Stream
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Libc.WriteStandard(descriptor, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch ((Errno)Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    break;
                case Errno.EAGAIN:
                    // Somebody before us made the terminal or pipe non-blocking.
                    Thread.Sleep(Pause);
                    break;
                case Errno.EPIPE:
                    // 'etcsync plan | head': nobody reads on, and that is no error.
                    return;
                case var error:
                    throw new IOException($"Nothing can be written to standard {(descriptor == 1 ? "output" : "error")}: {Marshal.GetPInvokeErrorMessage((int)error)}.");
            }
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
