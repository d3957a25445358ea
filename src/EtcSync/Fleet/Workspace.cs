using System.Collections.Immutable;
using EtcSync.Checks;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.Hub;
using EtcSync.Resolutions;
using EtcSync.State;
using EtcSync.Upstream;
using EtcSync.WorkTrees;

namespace EtcSync.Fleet;

/// <summary>What everything that works on the fleet needs: where things are, and what was configured.</summary>
internal sealed class Workspace
{
    public Workspace(Locations locations, ConfigurationSet configuration, TimeProvider time)
        : this(locations, configuration, time, new TreeCache(), new FileSystemSync(), new FileSystemAbilities(), new ShadowContents(), new CheckRunner(time, CheckRunner.Limit))
    {
    }

    private ulong? _stateDevice;

    private Workspace(Locations locations, ConfigurationSet configuration, TimeProvider time, TreeCache trees, FileSystemSync sync, FileSystemAbilities abilities, ShadowContents shadows, CheckRunner checks)
    {
        (Locations, Configuration, Time, Trees, Sync, Abilities, Shadows, Checks) = (locations, configuration, time, trees, sync, abilities, shadows, checks);
        State = new(locations.Map(configuration.Settings.State));
        Hub = new(State.Hub, Trees);
        Resolutions = new(this);
        Upstream = new(locations.Map(configuration.Settings.Upstream.Directory), configuration.Settings.Upstream.Branch ?? "");
    }

    public Locations Locations { get; }

    public ConfigurationSet Configuration { get; }

    public Settings Settings => Configuration.Settings;

    public TimeProvider Time { get; }

    public TreeCache Trees { get; }

    public FileSystemSync Sync { get; }

    /// <summary>What the clones' file systems can do.</summary>
    public FileSystemAbilities Abilities { get; }

    /// <summary>What was read of the files that are copied from upstream's tree.</summary>
    public ShadowContents Shadows { get; }

    /// <summary>Runs the programs that look at merged trees.</summary>
    public CheckRunner Checks { get; }

    public StateDirectory State { get; }

    public HubRepository Hub { get; }

    public UpstreamReader Upstream { get; }

    /// <summary>What people settled.</summary>
    public ResolutionStore Resolutions { get; }

    /// <summary>Upstream's work tree.</summary>
    public string UpstreamDirectory => Locations.Map(Settings.Upstream.Directory);

    /// <summary>A client's work tree.</summary>
    public string CloneOf(ClientName client) => Locations.Map(Settings.Clones.PathOf(client));

    /// <summary>What the policies say about the paths of whoever is in these groups: for layers, which are no single client's.</summary>
    public Func<RepoPath, PathPolicy> PolicyOf(ImmutableArray<GroupName> groups)
    {
        var paths = Configuration.Policies.PathsOf(new(null, groups));
        return path => paths.ForPath(path.Value);
    }

    /// <summary>Whether the state directory is on the same file system, so that writing that one back writes both.</summary>
    public bool StateIsBesideClones(FileDescriptor clone) => StateDevice() == clone.Status().Device;

    /// <summary>Returns when everything that was written to the state directory is on the disk.</summary>
    public void SyncState()
    {
        if (DirectoryDescriptor.OpenRoot(State.Path, out var directory) != OpenOutcome.Opened) throw new IOException($"{State.Path} is missing.");
        using (directory) Sync.Sync(directory!);
    }

    /// <summary>The same with another configuration; what was cached stays.</summary>
    public Workspace With(ConfigurationSet configuration) => new(Locations, configuration, Time, Trees, Sync, Abilities, Shadows, Checks);

    private ulong StateDevice()
    {
        if (_stateDevice is { } known) return known;
        if (DirectoryDescriptor.OpenRoot(State.Path, out var directory) != OpenOutcome.Opened) throw new IOException($"{State.Path} is missing.");
        using (directory) _stateDevice = directory!.Status().Device;
        return _stateDevice.Value;
    }
}
