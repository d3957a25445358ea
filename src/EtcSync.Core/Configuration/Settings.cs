using EtcSync.Core.Policies;

namespace EtcSync.Core.Configuration;

/// <summary>The settings, <c>/etc/etcsync/etcsync.yaml</c>. What the file does not say has its default here.</summary>
public sealed record Settings
{
    /// <summary>The defaults.</summary>
    public static Settings Default { get; } = new();

    /// <summary>The root that all clients share.</summary>
    public string Root { get; init; } = "/srv/root";

    /// <summary>The etckeeper repository that is upstream.</summary>
    public UpstreamSettings Upstream { get; init; } = new();

    /// <summary>Where the clones' work trees are.</summary>
    public CloneTemplate Clones { get; init; } = CloneTemplate.Default;

    /// <summary>The directory of hub, git directories, resolutions, holds and identities.</summary>
    public string State { get; init; } = "/var/lib/etcsync";

    /// <summary>How clients reach the server.</summary>
    public ServerSettings Server { get; init; } = new();

    /// <summary>The NFS exports.</summary>
    public ExportSettings Exports { get; init; } = new();

    /// <summary>What dnsmasq gives: addresses, names and boot files.</summary>
    public DhcpSettings Dhcp { get; init; } = new();

    /// <summary>The names of the clients.</summary>
    public NameSettings Names { get; init; } = new();

    /// <summary>What clients boot.</summary>
    public BootSettings Boot { get; init; } = new();

    /// <summary>How drift is watched and when it is not obeyed.</summary>
    public DriftSettings Drift { get; init; } = new();

    /// <summary>How much a client can make the server read.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>How many clients are worked on at once; null chooses by the number of processors.</summary>
    public int? Workers { get; init; }

    /// <summary>How clients get their own identity, where no policy and no client says otherwise.</summary>
    public IdentityPolicy Identity { get; init; } = IdentityPolicy.Default;

    /// <summary>What is logged, and where.</summary>
    public LogSettings Log { get; init; } = new();

    /// <summary>Reads the text of a settings file; an empty one gives the defaults. Never throws.</summary>
    public static Loaded<Settings> Load(string fileName, string text) => SettingsReader.Load(fileName, text);
}

/// <summary>The upstream repository.</summary>
public sealed record UpstreamSettings
{
    /// <summary>Its work tree.</summary>
    public string Directory { get; init; } = "/srv/root/etc";

    /// <summary>The one branch that is rolled out, as <c>init</c> recorded it; null before that, and then nothing can be synced.</summary>
    public string? Branch { get; init; }
}

/// <summary>Drift and its guards.</summary>
public sealed record DriftSettings
{
    /// <summary>How long a work tree must be quiet before the controller commits what changed in it.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often every work tree is scanned whole, whatever the watches said.</summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Drift that deletes or reverts more than this share of the paths holds the client.</summary>
    public int MassLossPercent { get; init; } = 10;

    /// <summary>Drift of no more paths than this never counts as mass loss, however few the client has.</summary>
    public int MassLossFloor { get; init; } = 5;

    /// <summary>How long after a rollout a file that returns to the version before it counts as a stale save.</summary>
    public TimeSpan StaleSaveWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a replaced file is kept, and looked at again, because a program may still be writing to it.</summary>
    public TimeSpan KeepReplaced { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Bounds on what is read from a client's work tree.</summary>
public sealed record LimitSettings
{
    /// <summary>The largest file that is taken, in bytes.</summary>
    public long FileSize { get; init; } = 64L << 20;

    /// <summary>The most files that one work tree may have.</summary>
    public int Files { get; init; } = 50_000;

    /// <summary>The deepest directory.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>The longest that scanning one work tree may take.</summary>
    public TimeSpan ScanTime { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Logging.</summary>
public sealed record LogSettings
{
    /// <summary>The least important messages that are logged.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>A file that also gets the log; null for none.</summary>
    public string? File { get; init; }
}

/// <summary>Importance of a message.</summary>
public enum LogLevel
{
    /// <summary>Also what changed nothing.</summary>
    Debug,

    /// <summary>What changed something.</summary>
    Information,

    /// <summary>What a person may have to act on.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,
}
