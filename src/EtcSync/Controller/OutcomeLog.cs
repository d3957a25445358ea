using System.Collections.Concurrent;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.State;
using Serilog;
using Serilog.Events;

namespace EtcSync.Controller;

/// <summary>Says what passes did: what changed as information, what needs a person or failed once, when it begins or becomes something else.</summary>
internal sealed class OutcomeLog(ILogger log, Locations locations)
{
    private readonly ConcurrentDictionary<ClientName, string> _said = new();
    private readonly ConcurrentDictionary<string, string> _topics = new(StringComparer.Ordinal);

    /// <summary>Logs an outcome. Contents of files are never in it.</summary>
    public void Write(ClientOutcome outcome, string run)
    {
        var client = log.ForContext("Client", outcome.Client.Value).ForContext("Run", run);
        if (outcome.FannedOut) client.Information("{Client}: its clone was made.", outcome.Client.Value);
        if (!outcome.Drift.IsEmpty) client.Information("{Client}: {Count:l} committed: {Paths}", outcome.Client.Value, outcome.Drift.Length == 1 ? "a change of its own was" : $"{outcome.Drift.Length} changes of its own were", Some(outcome.Drift.Select(path => path.Value)));
        if (!outcome.DriftAttributes.IsEmpty) client.Information("{Client}: committed: {Paths}", outcome.Client.Value, Some(outcome.DriftAttributes.Select(change => change.ToString())));
        if (!outcome.Decisions.IsEmpty) client.Information("{Client}: {Count:l} merged: {Paths}", outcome.Client.Value, outcome.Decisions.Length == 1 ? "1 path was" : $"{outcome.Decisions.Length} paths were", Some(outcome.Decisions.Select(decision => decision.Path.Value)));
        if (!outcome.Settled.IsEmpty) client.Information("{Client}: {Count:l} settled: {Disputes}", outcome.Client.Value, outcome.Settled.Length == 1 ? "a dispute was" : $"{outcome.Settled.Length} disputes were", Some(outcome.Settled.Select(Cli.Words.Of)));
        if (!outcome.OwnPasswords.IsEmpty) client.Warning("{Client}: upstream's password for {Names} was not rolled out, because of how that was settled; it keeps its own.", outcome.Client.Value, Some(outcome.OwnPasswords.Select(one => one.ToString())));
        if (!outcome.Copied.IsEmpty) client.Information("{Client}: copied from the shared root: {Paths}", outcome.Client.Value, Some(outcome.Copied));
        foreach (var notice in outcome.Notices) client.Warning("{Client}: {Notice:l}", outcome.Client.Value, Printable.Of(notice));
        foreach (var save in outcome.StaleSaves) client.Warning("{Client}: {Path} was saved by a program that had it open across a rollout; the rollout's changes were put back into it. To have the earlier version all the same, save it once more.", outcome.Client.Value, Printable.Of(save.Path.Value));
        foreach (var late in outcome.LateWrites) client.Warning("{Client}: {Path} was written by a program that had it open across a rollout; {What}.", outcome.Client.Value, Printable.Of(late.Late.Path.Value), late.Merged is null ? $"the two could not be joined, and what was written is kept in the staging area as {late.Late.KeptName}" : "its changes were merged");
        Say(outcome, client);
    }

    /// <summary>Logs a sentence about everything, once until it changes.</summary>
    public void WriteOnce(string topic, LogEventLevel level, string? sentence)
    {
        if (sentence is null)
        {
            if (_topics.TryRemove(topic, out var before)) log.Information("No longer so: {Sentence:l}", before);
            return;
        }

        sentence = Printable.Of(locations.Pasteable(sentence));
        if (_topics.TryGetValue(topic, out var said) && said == sentence) return;
        _topics[topic] = sentence;
        log.Write(level, "{Sentence:l}", sentence);
    }

    private void Say(ClientOutcome outcome, ILogger client)
    {
        var what = outcome.Kind switch
        {
            OutcomeKind.Failed => $"failed: {outcome.Reason}",
            OutcomeKind.Held => $"is held: {outcome.Reason}",
            OutcomeKind.Conflicted => $"has {Cli.Words.Count(outcome.Conflicts.Length, "path")} in conflict: {Some(outcome.Conflicts.Select(conflict => conflict.Path.Value))}. '{locations.Command($"conflicts {outcome.Client}")}' shows {(outcome.Conflicts.Length == 1 ? "it" : "them")}.",
            _ => "",
        };
        what += string.Concat(outcome.Findings.Take(10).Select(finding => $" {finding.Path}: {finding.Message}"));
        what = Printable.Of(what);
        if (outcome.Kind == OutcomeKind.Deferred)
        {
            client.Debug("{Client}: {Reason}", outcome.Client.Value, Printable.Of(outcome.Reason ?? ""));
            return;
        }

        if (_said.TryGetValue(outcome.Client, out var before) ? before == what : what.Length == 0) return;
        _said[outcome.Client] = what;
        if (what.Length == 0) client.Information("{Client}: in order again.", outcome.Client.Value);
        else client.Write(outcome.Kind == OutcomeKind.Failed ? LogEventLevel.Error : LogEventLevel.Warning, "{Client}: {What:l}", outcome.Client.Value, what);
    }

    private static string Some(IEnumerable<string> paths)
    {
        var list = paths.ToList();
        return string.Join(", ", list.Take(10).Select(Printable.Of)) + (list.Count > 10 ? $" and {list.Count - 10} more" : "");
    }
}
