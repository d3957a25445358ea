using System.Collections.Immutable;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Doctor;
using EtcSync.Dnsmasq;
using EtcSync.Server;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>
/// Reads what dnsmasq and mountd logged: from the file that dnsmasq's configuration names, else from the journal, else from the
/// files that syslog usually writes. In a sandbox the journal, which is the machine's, is not asked.
/// </summary>
internal sealed class BootLogReader(Locations locations, TimeProvider time)
{
    private const string Lines = "100000";
    private const string Unread = "no log of dnsmasq's was found: neither in a file that 'log-facility' names, nor in the journal, nor in /var/log.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Usual = ["/var/log/dnsmasq.log", "/var/log/syslog", "/var/log/daemon.log", "/var/log/messages"];
    private static readonly string[] Identifiers = ["dnsmasq-dhcp", "dnsmasq-tftp", "rpc.mountd", "mountd"];

    private readonly ServerText _texts = new(locations);

    /// <summary>What was logged, the oldest first, or why nothing is known.</summary>
    public (ImmutableArray<BootEvent> Events, string? Unreadable) Read()
    {
        var now = time.GetLocalNow();
        var named = DnsmasqSources.Read(locations).SelectMany(file => DnsmasqSyntax.Options(file)).Where(line => line.Option == "log-facility" && line.First.StartsWith('/')).Select(line => line.First);
        var file = First(named.Select(_texts.Tail), now);
        var journal = locations.IsSandbox ? null : First([Journal()], now);
        // mountd never writes to dnsmasq's own file.
        if (file is { } own) return ([.. Sorted(own.Concat((journal ?? []).OfType<BootEvent.Mounted>()))], null);
        return (journal ?? First(Usual.Select(_texts.Tail), now)) is { } found ? (found, null) : ([], Unread);
    }

    // The first that has anything of dnsmasq's, though it be of no client.
    private static ImmutableArray<BootEvent>? First(IEnumerable<string?> texts, DateTimeOffset now) =>
        texts.FirstOrDefault(text => text?.Contains("dnsmasq", StringComparison.Ordinal) == true) is { } found ? BootLog.Read(found, now) : null;

    // Those without a time stay behind what stood before them.
    private static IEnumerable<BootEvent> Sorted(IEnumerable<BootEvent> events)
    {
        var last = DateTimeOffset.MinValue;
        return events.Select(one => (At: last = one.At ?? last, Event: one)).OrderBy(pair => pair.At).Select(pair => pair.Event);
    }

    // The newest first: where there is too much of it, the oldest is what is dropped.
    private string? Journal()
    {
        if (ServerProgram.Find("journalctl") is not { } program) return null;
        try
        {
            var said = new ServerProgram(time, Patience).Run(program, ["--no-pager", "-q", "-r", "-o", "short-unix", "-n", Lines, .. Identifiers.SelectMany(one => new[] { "-t", one })], CancellationToken.None);
            return string.Join('\n', said.Output.Split('\n').Reverse());
        }
        catch (IOException)
        {
            // A machine without systemd.
            return null;
        }
    }
}
