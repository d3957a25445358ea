namespace EtcSync.Watching;

/// <summary>What came of asking for a watch.</summary>
internal abstract record WatchOutcome
{
    private WatchOutcome()
    {
    }

    /// <summary>A sentence about why there is no watch; empty where there is one.</summary>
    public abstract string Message { get; }

    /// <summary>The directory is watched, now or already.</summary>
    public sealed record Watched : WatchOutcome
    {
        /// <summary>There is nothing more to say.</summary>
        public static readonly Watched Value = new();

        /// <inheritdoc/>
        public override string Message => "";
    }

    /// <summary>The kernel grants no more watches (ENOSPC); what is not watched has to be looked at now and then.</summary>
    public sealed record KernelLimit : WatchOutcome
    {
        /// <summary>There is nothing more to say.</summary>
        public static readonly KernelLimit Value = new();

        /// <inheritdoc/>
        public override string Message =>
            $"The kernel grants no more inotify watches (fs.inotify.max_user_watches is {Limit()}). Raise the limit with "
            + "'sysctl -w fs.inotify.max_user_watches=1048576', and keep it with the same assignment in /etc/sysctl.d.";

        private static string Limit()
        {
            try
            {
                return File.ReadAllText("/proc/sys/fs/inotify/max_user_watches").Trim();
            }
            catch (IOException)
            {
                return "unknown";
            }
        }
    }

    /// <summary>As many directories are watched as we allow ourselves.</summary>
    public sealed record OwnLimit(int Limit) : WatchOutcome
    {
        /// <inheritdoc/>
        public override string Message => $"{Limit} directories are watched already, and that is the limit.";
    }

    /// <summary>It is no directory any more, or we may not read it.</summary>
    public sealed record Refused(string Reason) : WatchOutcome
    {
        /// <inheritdoc/>
        public override string Message => Reason;
    }
}
