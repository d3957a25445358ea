using EtcSync.Clients;
using EtcSync.Controller;
using EtcSync.Core.Clients;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace EtcSync.Tests.Controller;

public sealed class OutcomeLogTests : IDisposable
{
    private static readonly ClientName One = ClientName.Parse("one");

    private readonly List<(LogEventLevel Level, string Text)> _lines = [];
    private readonly Logger _logger;
    private readonly OutcomeLog _log;

    public OutcomeLogTests()
    {
        _logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new Sink(_lines)).CreateLogger();
        _log = new(_logger, new(""));
    }

    public void Dispose() => _logger.Dispose();

    [Fact]
    public void Settlement_isInformationAndAPasswordThatWasNotRolledOutAWarning()
    {
        var key = new DisputeKey(RepoPath.Parse("shadow"), "root", "a", "b", "c");
        _log.Write(new(One, OutcomeKind.Synced)
        {
            Settled = [new Settlement.ByRule(key, new DisputeAnswer.Take(DisputeSide.Client), new("60-site.yaml", 4))],
            OwnPasswords = [new(key.Path, "root")],
        }, "run");
        Assert.Equal([LogEventLevel.Information, LogEventLevel.Warning], _lines.Select(line => line.Level));
        Assert.Contains("a dispute was settled: \"shadow#root (the client's version, by 60-site.yaml:4)\"", _lines[0].Text, StringComparison.Ordinal);
        Assert.Contains("upstream's password for \"root\" was not rolled out", _lines[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_isSaidOnceAndItsEndToo()
    {
        var failed = new ClientOutcome(One, OutcomeKind.Failed) { Reason = "The disk is full." };
        _log.Write(failed, "run");
        _log.Write(failed, "run");
        _log.Write(failed with { Reason = "Another reason." }, "run");
        _log.Write(new(One, OutcomeKind.Unchanged), "run");
        _log.Write(new(One, OutcomeKind.Unchanged), "run");
        Assert.Equal([LogEventLevel.Error, LogEventLevel.Error, LogEventLevel.Information], _lines.Select(line => line.Level));
        Assert.Contains("The disk is full.", _lines[0].Text, StringComparison.Ordinal);
        Assert.Contains("in order again", _lines[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Unchanged_saysNothing()
    {
        _log.Write(new(One, OutcomeKind.Unchanged), "run");
        Assert.Empty(_lines);
    }

    [Fact]
    public void Drift_isSaidWithItsPaths()
    {
        _log.Write(new(One, OutcomeKind.Synced) { Drift = [RepoPath.Parse("motd"), RepoPath.Parse("ssh/sshd_config")] }, "run");
        var (level, text) = Assert.Single(_lines);
        Assert.Equal(LogEventLevel.Information, level);
        Assert.Contains("motd, ssh/sshd_config", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sentence_ofATopic_isSaidWhenItChangesAndWhenItEnds()
    {
        _log.WriteOnce("hub", LogEventLevel.Error, "It is broken.");
        _log.WriteOnce("hub", LogEventLevel.Error, "It is broken.");
        _log.WriteOnce("hub", LogEventLevel.Error, null);
        _log.WriteOnce("hub", LogEventLevel.Error, null);
        Assert.Equal([(LogEventLevel.Error, "It is broken."), (LogEventLevel.Information, "No longer so: It is broken.")], _lines);
    }

    [Fact]
    public void Topic_andAClientOfASimilarName_doNotMixUp()
    {
        var client = ClientName.Parse("fleet-hub");
        _log.Write(new(client, OutcomeKind.Failed) { Reason = "The client is broken." }, "run");
        _log.WriteOnce("hub", LogEventLevel.Error, "The hub is broken.");
        _log.WriteOnce("hub", LogEventLevel.Error, null);
        Assert.Equal(3, _lines.Count);
        Assert.EndsWith("The hub is broken.", _lines[2].Text, StringComparison.Ordinal);
    }

    private sealed class Sink(List<(LogEventLevel Level, string Text)> lines) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => lines.Add((logEvent.Level, logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
