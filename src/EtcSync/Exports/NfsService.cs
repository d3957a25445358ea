using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Server;

namespace EtcSync.Exports;

/// <summary>exportfs, which tells the kernel's NFS server what to export.</summary>
internal sealed class NfsService(Workspace workspace) : IServerService
{
    private const string Program = "exportfs";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ServerProgram _programs = new(workspace.Time, Limit);
    private readonly RealPaths _paths = new();

    /// <inheritdoc/>
    public ServerPart Part => ServerPart.Exports;

    private Settings Settings => workspace.Settings;

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> TryOut(ServerPlan plan, CancellationToken cancellation)
    {
        if (Meant(plan) is not { } meant || ServerProgram.Find(Program) is not { } exportfs) return [];
        var (table, said) = new ExportfsTrial(_programs, exportfs).Run(meant.Text, cancellation);
        return table is null
            ? [new(Part, FindingLevel.Note, $"exportfs could not be tried on the new file before it is installed: {Printable.Of(said)}. Only EtcSync itself has read it.")]
            : [.. ExportTableFindings.OfTrial(Compare(meant, table.Entries, plan), said)];
    }

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> Reload(ServerPlan plan, IReadOnlyList<FileChange> changed, CancellationToken cancellation)
    {
        if (ServerProgram.Find(Program) is not { } exportfs)
            return [Finding(FindingLevel.Warning, "The exports are written, and nothing exports them: exportfs is not installed. Install the NFS server (package nfs-kernel-server on Debian and Ubuntu, nfs-utils elsewhere), and start it.")];
        try
        {
            var output = _programs.Run(exportfs, ["-ra"], cancellation);
            if (output.IsLate) return [Finding(FindingLevel.Refusal, $"'exportfs -ra' did not come to an end within {Limit.TotalSeconds:0} seconds. It may be waiting for a name server: look for names of machines in /etc/exports.")];
            var said = ExportfsWords.Findings(output.Error, [Settings.Root, Settings.State, Settings.Clones.Text[..Settings.Clones.Text.IndexOf('{', StringComparison.Ordinal)]]);
            return [.. ExportTableFindings.OfReload(Compare(Installed(), NfsServer.Observe().Table, plan)), .. said];
        }
        catch (IOException e)
        {
            return [Finding(FindingLevel.Refusal, e.Message)];
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> ReadBack(ServerPlan plan, ServerObservation observation, CancellationToken cancellation)
    {
        if (Meant(plan) is not { } meant || ServerProgram.Find(Program) is null) return [];
        var server = NfsServer.Observe();
        var running = server.IsRunning ? [] : (ServerFinding[])[Finding(FindingLevel.Warning, "The NFS server is not running, so no client can mount anything. Say 'systemctl enable --now nfs-server'.")];
        var foreign = observation.Foreign.Exports.SelectMany(file => ExportsFile.Parse(file).Entries);
        return [.. running, .. ExportTableFindings.OfServer(Compare(meant, server.Table, plan), foreign, ExportTable.Leftover(server.Kernel, server.Table, Guarded(meant, plan)))];
    }

    private static ExportsFile? Meant(ServerPlan plan) =>
        plan.Files.FirstOrDefault(file => file.Path == ExportsFiles.File)?.Content is GeneratedContent.Whole whole ? ExportsFile.Parse(new(ExportsFiles.File, whole.Text)) : null;

    // What lies there now: after a refusal that is the file from before.
    private ExportsFile Installed()
    {
        var file = workspace.Locations.Map(ExportsFiles.File);
        return ExportsFile.Parse(new(ExportsFiles.File, Encoding.Latin1.GetString(RegularFile.Read(file) ?? [])));
    }

    private ExportTable Compare(ExportsFile meant, IEnumerable<ExportEntry> table, ServerPlan plan) =>
        ExportTable.Compare(meant.Entries.Select(entry => new ExportEntry(_paths.Of(entry.Directory), entry.Client, entry.Options, entry.File, entry.Line)), table, Guarded(meant, plan));

    private GuardedDirectories Guarded(ExportsFile meant, ServerPlan plan) =>
        new(meant.Entries.Select(entry => entry.Directory).Concat(plan.Gone.Select(gone => Settings.Clones.PathOf(gone.Name))).Append(Settings.Root).Append(Settings.State).Select(_paths.Of));

    private ServerFinding Finding(FindingLevel level, string message) => new(Part, level, message);
}
