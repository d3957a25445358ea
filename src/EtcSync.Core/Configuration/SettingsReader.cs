using EtcSync.Core.Policies;

namespace EtcSync.Core.Configuration;

/// <summary>Reads and checks etcsync.yaml.</summary>
internal static class SettingsReader
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static Loaded<Settings> Load(string fileName, string text)
    {
        var problems = new ProblemList(fileName);
        var file = MapReader.File(
            YamlText.Parse(text, problems),
            problems,
            "version", "root", "upstream", "clones", "state", "server", "exports", "dhcp", "names", "boot", "drift", "limits", "workers", "identity", "log");
        var settings = Read(file);
        CheckPlaces(file, settings);
        return problems.Result(() => settings);
    }

    private static Settings Read(MapReader file)
    {
        var defaults = Settings.Default;
        var root = file.Read("root", defaults.Root, SystemPath.TryParse);
        return new()
        {
            Root = root,
            Upstream = ReadUpstream(file.Section("upstream", "directory", "branch"), root),
            Clones = file.Read("clones", defaults.Clones, CloneTemplate.TryParse),
            State = file.Read("state", defaults.State, SystemPath.TryParse),
            Server = ServerSettingsReader.Server(file.Section("server", ServerSettingsReader.ServerKeys)),
            Exports = ServerSettingsReader.Exports(file.Section("exports", ServerSettingsReader.ExportKeys), defaults.Exports),
            Dhcp = ServerSettingsReader.Dhcp(file.Section("dhcp", ServerSettingsReader.DhcpKeys), defaults.Dhcp),
            Names = ServerSettingsReader.Names(file.Section("names", ServerSettingsReader.NameKeys), defaults.Names),
            Boot = ServerSettingsReader.Boot(file.Section("boot", ServerSettingsReader.BootKeys), defaults.Boot),
            Drift = ReadDrift(file.Section("drift", "settle", "scan-interval", "mass-loss-percent", "mass-loss-floor", "stale-save-window", "keep-replaced"), defaults.Drift),
            Limits = ReadLimits(file.Section("limits", "file-size", "files", "depth", "scan-time"), defaults.Limits),
            Workers = file.TryReadOptional("workers", Scalars.Integer(1, 256), out var workers) ? workers : null,
            Identity = IdentityReader.Read(file.Section("identity", IdentityReader.Keys)).Over(defaults.Identity),
            Log = ReadLog(file.Section("log", "level", "file"), defaults.Log),
        };
    }

    private static UpstreamSettings ReadUpstream(MapReader section, string root) => new()
    {
        Directory = section.Read("directory", $"{root}/etc", SystemPath.TryParse),
        Branch = section.TryReadOptional<string>("branch", BranchName, out var branch) ? branch : null,
    };

    private static DriftSettings ReadDrift(MapReader section, DriftSettings defaults) => new()
    {
        Settle = section.Read("settle", defaults.Settle, Scalars.Duration(Second / 10, Hour)),
        ScanInterval = section.Read("scan-interval", defaults.ScanInterval, Scalars.Duration(Second, Week)),
        MassLossPercent = section.Read("mass-loss-percent", defaults.MassLossPercent, Scalars.Integer(1, 100)),
        MassLossFloor = section.Read("mass-loss-floor", defaults.MassLossFloor, Scalars.Integer(0, 1_000_000)),
        StaleSaveWindow = section.Read("stale-save-window", defaults.StaleSaveWindow, Scalars.Duration(TimeSpan.Zero, Week)),
        KeepReplaced = section.Read("keep-replaced", defaults.KeepReplaced, Scalars.Duration(Second, Week)),
    };

    // 1 GiB, because a file is held in memory while it is hashed and merged.
    private static LimitSettings ReadLimits(MapReader section, LimitSettings defaults) => new()
    {
        FileSize = section.Read("file-size", defaults.FileSize, Scalars.Size(1L << 10, 1L << 30)),
        Files = section.Read("files", defaults.Files, Scalars.Integer(100, 10_000_000)),
        Depth = section.Read("depth", defaults.Depth, Scalars.Integer(4, 255)),
        ScanTime = section.Read("scan-time", defaults.ScanTime, Scalars.Duration(Second, Hour)),
    };

    private static LogSettings ReadLog(MapReader section, LogSettings defaults) => new()
    {
        Level = section.Read("level", defaults.Level, Scalars.Choice(
            ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error))),
        File = section.TryReadOptional<string>("file", SystemPath.TryParse, out var path) ? path : null,
    };

    // What lies in the shared root is readable by every client; state holds all clients' secrets.
    private static void CheckPlaces(MapReader file, Settings settings)
    {
        if (SystemPath.IsWithin(settings.State, settings.Root))
            file.Report("state", $"'{settings.State}' lies in the shared root '{settings.Root}', which every client can read. Write a directory outside it.");
        if (SystemPath.IsWithin(settings.Clones.Parent, settings.Root))
            file.Report("clones", $"'{settings.Clones.Text}' lies in the shared root '{settings.Root}', which every client can read. Write a directory outside it.");
        if (SystemPath.IsWithin(settings.Clones.Parent, settings.State))
            file.Report("clones", $"'{settings.Clones.Text}' lies in the state directory '{settings.State}', which must not be exported. Write a directory outside it.");
        if (SystemPath.IsWithin(settings.Upstream.Directory, settings.State) || SystemPath.IsWithin(settings.State, settings.Upstream.Directory))
            file.Section("upstream", "directory", "branch").Report("directory", $"'{settings.Upstream.Directory}' and the state directory '{settings.State}' lie in each other. Keep them apart.");
    }

    // git-check-ref-format(1), and nothing that could be read as an option.
    private static bool BranchName(string text, out string name, out string reason)
    {
        name = text;
        reason = "";
        if (text.StartsWith("refs/heads/", StringComparison.Ordinal))
            reason = $"{Quoted.Text(text)} is a full reference. Write the branch alone: {Quoted.Text(text["refs/heads/".Length..])}.";
        else if (text.Length > 200 || text.StartsWith('-') || text is "@" or "HEAD" || text.EndsWith('.') || text.Contains("..", StringComparison.Ordinal)
            || text.Contains("@{", StringComparison.Ordinal) || text.Any(c => c is <= ' ' or '\x7f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
            || text.Split('/').Any(part => part.Length == 0 || part[0] == '.' || part.EndsWith(".lock", StringComparison.Ordinal)))
            reason = $"{Quoted.Text(text)} cannot be the name of a git branch. Write one such as 'main' or 'master'.";
        return reason.Length == 0;
    }
}
