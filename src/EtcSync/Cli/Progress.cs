namespace EtcSync.Cli;

/// <summary>A bar on standard error while a terminal is there and the work is long. Safe for use from several threads.</summary>
internal sealed class Progress : IDisposable
{
    private const int Bar = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Session _session;
    private readonly string _what;
    private readonly int _total;
    private readonly long _start;
    private long _shown;
    private int _done;
    private bool _visible;

    public Progress(Session session, string what, int total)
    {
        (_session, _what, _total) = (session, what, total);
        _start = session.Time.GetTimestamp();
    }

    /// <summary>Some more are done.</summary>
    public void Advance(int count = 1)
    {
        var done = Interlocked.Add(ref _done, count);
        if (!_session.Terminal.ErrorIsTerminal) return;
        lock (_lock)
        {
            var time = _session.Time;
            // What is over in a moment needs no bar.
            if (time.GetElapsedTime(_start) < Patience || (_visible && time.GetElapsedTime(_shown) < Interval)) return;
            _shown = time.GetTimestamp();
            _visible = true;
            var filled = Bar * done / Math.Max(1, _total);
            _session.Terminal.Error.Write($"\r{_what} [{new string('#', filled)}{new string('.', Bar - filled)}] {done}/{_total}");
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_visible) _session.Terminal.Error.Write("\r\e[K");
            _visible = false;
        }
    }
}
