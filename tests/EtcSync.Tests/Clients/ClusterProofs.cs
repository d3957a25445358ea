using System.Diagnostics;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

/// <summary>What must hold after every scenario, whatever it was.</summary>
internal static class ClusterProofs
{
    /// <summary>A pass that ends well, leaves everything in order, and leaves nothing for a second one.</summary>
    public static ClientOutcome SyncWell(this Cluster cluster, string client = "one", SyncRequest? request = null)
    {
        var outcome = cluster.SyncOf(client, request);
        Assert.True(outcome.Kind is OutcomeKind.Synced or OutcomeKind.Unchanged, $"{outcome.Kind}: {outcome.Reason} {string.Join("; ", outcome.Conflicts.Select(conflict => $"{conflict.Path}: {conflict.Reason}"))}");
        cluster.AssertSettled(client, OutcomeKind.Unchanged);
        return outcome;
    }

    /// <summary>A pass that ends with exactly these paths in conflict, and a second one that changes nothing.</summary>
    public static ClientOutcome SyncConflicted(this Cluster cluster, string[] paths, string client = "one")
    {
        var outcome = cluster.SyncOf(client);
        Assert.True(outcome.Kind == OutcomeKind.Conflicted, $"{outcome.Kind}: {outcome.Reason}");
        Assert.Equal(paths, outcome.Conflicts.Select(conflict => conflict.Path.Value));
        cluster.AssertSettled(client, OutcomeKind.Conflicted);
        return outcome;
    }

    /// <summary>Everything is in order, and another pass finds nothing to do.</summary>
    public static void AssertSettled(this Cluster cluster, string client, OutcomeKind kind)
    {
        cluster.AssertInOrder(client);
        var before = cluster.Head(client);
        var again = cluster.SyncOf(client);
        Assert.True(again.Kind == kind, $"again: {again.Kind}: {again.Reason} drift: {string.Join(", ", again.Drift)}; findings: {string.Join("; ", again.Findings.Select(finding => $"{finding.Path}: {finding.Message}"))}");
        Assert.Empty(again.Drift);
        Assert.False(again.Again);
        Assert.Equal(before, cluster.Head(client));
        cluster.AssertInOrder(client);
    }

    public static ClientOutcome SyncOf(this Cluster cluster, string client, SyncRequest? request = null) =>
        cluster.Sync(request).Single(outcome => outcome.Client == ClientName.Parse(client));

    public static string Head(this Cluster cluster, string client) => cluster.GitOf(client, "rev-parse", $"client/{client}").Trim();

    public static void Write(this Cluster cluster, string client, string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cluster.ClientPath(client, path))!);
        File.WriteAllText(cluster.ClientPath(client, path), content);
    }

    /// <summary>Runs commands in a client's work tree.</summary>
    public static string Shell(this Cluster cluster, string client, string commands) => ShellIn(cluster.ClientPath(client), commands);

    /// <summary>Runs commands in upstream's work tree.</summary>
    public static string UpstreamShell(this Cluster cluster, string commands) => ShellIn(cluster.Upstream, commands);

    public static bool Exists(this Cluster cluster, string client, string path) => Path.Exists(cluster.ClientPath(client, path));

    private static string ShellIn(string directory, string commands) => Tool.Run("/bin/bash", "-euc", $"cd '{directory}'\n{commands}");

    /// <summary>Fails when something takes longer than it may.</summary>
    public static T Within<T>(TimeSpan limit, Func<T> action)
    {
        var watch = Stopwatch.StartNew();
        var task = Task.Run(action);
        Assert.True(task.Wait(limit), $"It still runs after {limit}.");
        Assert.True(watch.Elapsed <= limit);
        return task.Result;
    }
}
