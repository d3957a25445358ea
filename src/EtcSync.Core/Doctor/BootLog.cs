using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Doctor;

/// <summary>
/// What dnsmasq and mountd log of clients that boot. Lines are as a log file of dnsmasq's own has them (<c>Nov 22 17:32:36
/// dnsmasq-dhcp[6064]: …</c>), as syslog writes them (with the host's name), as the journal prints them (<c>-o short-unix</c>,
/// <c>-o short-iso</c>), or bare. The sentences are those of dnsmasq's rfc2131.c, rfc3315.c and tftp.c, and of nfs-utils' mountd.c.
/// Names in them are of the clients' choosing: what does not read as one of these sentences is skipped.
/// </summary>
public static partial class BootLog
{
    private const int LongestLine = 4096;

    // With log-dhcp there are thirty lines for each request, and these are the ones that count.
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        ["dnsmasq-tftp", "DHCPDISCOVER(", "DHCPREQUEST(", "DHCPACK(", "DHCPNAK(", "DHCPDECLINE(", "DHCPREPLY(", "BOOTP(", "PXE(", " vendor class: ", " mount request from "], StringComparison.Ordinal);

    /// <summary>The events in a log, in its order. Never throws.</summary>
    /// <param name="text">The log, the oldest line first.</param>
    /// <param name="now">The time, with the zone in which times without one are meant.</param>
    public static ImmutableArray<BootEvent> Read(string text, DateTimeOffset now)
    {
        var events = ImmutableArray.CreateBuilder<BootEvent>();
        // With log-dhcp what a request says of itself stands in lines of its own, with its number before each.
        var firmware = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var span = text.AsSpan()[range];
            if (span.Length > LongestLine || !span.ContainsAny(Marks)) continue;
            if (Line().Match(span.ToString()) is not { Success: true } line) continue;
            var at = Time(line, now);
            var message = line.Groups["message"].Value.TrimEnd();
            var found = line.Groups["program"].Value switch
            {
                "dnsmasq-dhcp" => OfDhcp(message, at, firmware),
                "dnsmasq-tftp" => OfTftp(message, at),
                _ => OfMountd(message, at),
            };
            if (found is not null) events.Add(found);
        }

        return events.ToImmutable();
    }

    private static BootEvent? OfDhcp(string message, DateTimeOffset? at, HashSet<string> firmware)
    {
        if (VendorClass().Match(message) is { Success: true } vendor)
        {
            if (vendor.Groups["class"].ValueSpan is ['P', 'X', 'E', 'C', 'l', 'i', 'e', 'n', 't', ..] or ['H', 'T', 'T', 'P', 'C', 'l', 'i', 'e', 'n', 't', ..]) firmware.Add(vendor.Groups["number"].Value);
            else firmware.Remove(vendor.Groups["number"].Value);
            return null;
        }

        if (Dhcp().Match(message) is not { Success: true } match) return null;
        var isFirmware = firmware.Contains(match.Groups["number"].Value);
        var kind = match.Groups["kind"].Value;
        var hasMac = MacAddress.TryParse(match.Groups["mac"].Value, out var mac, out _);
        var rest = match.Groups["rest"].Value.Trim();
        return kind switch
        {
            "DHCPACK" or "BOOTP" or "DHCPREPLY" when IPAddress.TryParse(match.Groups["address"].Value, out var address) && rest is not "disabled" => new BootEvent.Given(at, address, hasMac ? mac : null, isFirmware),
            _ when !hasMac => null,
            "DHCPDISCOVER" when rest == "no address available" => new BootEvent.Refused(at, mac, rest),
            "DHCPDISCOVER" or "DHCPREQUEST" or "PXE" => new BootEvent.Asked(at, mac, isFirmware || kind == "PXE", rest == "ignored"),
            "DHCPNAK" => new BootEvent.Refused(at, mac, rest),
            "DHCPDECLINE" => new BootEvent.Refused(at, mac, "it found that another machine uses the address"),
            _ => null,
        };
    }

    // Names of files are the client's words: what stands behind the last mark is dnsmasq's own.
    private static BootEvent? OfTftp(string message, DateTimeOffset? at)
    {
        if (message.StartsWith("sent ", StringComparison.Ordinal) && Cut(message[5..], " to ") is var (sent, to) && IPAddress.TryParse(to, out var address)) return new BootEvent.Fetched(at, address, sent);
        if (message.StartsWith("file ", StringComparison.Ordinal))
        {
            if (Cut(message[5..], " not found for ") is var (missing, who) && IPAddress.TryParse(who, out address)) return new BootEvent.NotFound(at, address, missing);
            return message.EndsWith(" not found", StringComparison.Ordinal) ? new BootEvent.NotFound(at, null, message[5..^10]) : null;
        }

        if (message.StartsWith("failed sending ", StringComparison.Ordinal) && Cut(message[15..], " to ") is var (failed, whom) && IPAddress.TryParse(whom, out address)) return new BootEvent.Aborted(at, address, $"sending {failed} failed");
        if (message.StartsWith("error ", StringComparison.Ordinal) && Cut(message, " received from ") is var (error, from) && IPAddress.TryParse(from, out address)) return new BootEvent.Aborted(at, address, error);
        return message.StartsWith("cannot access ", StringComparison.Ordinal) && Cut(message[14..], ": ") is var (path, reason) ? new BootEvent.Unreadable(at, path, reason) : null;
    }

    private static BootEvent.Mounted? OfMountd(string message, DateTimeOffset? at) =>
        Mount().Match(message) is { Success: true } match && IPAddress.TryParse(match.Groups["address"].Value, out var address)
            ? new BootEvent.Mounted(at, address, match.Groups["path"].Value)
            : null;

    private static (string Before, string After)? Cut(string text, string mark) =>
        text.LastIndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + mark.Length)..].Trim()) : null;

    private static DateTimeOffset? Time(Match line, DateTimeOffset now)
    {
        if (line.Groups["unix"] is { Success: true } unix) return DateTimeOffset.FromUnixTimeSeconds(long.Parse(unix.ValueSpan, CultureInfo.InvariantCulture));
        if (line.Groups["iso"] is { Success: true } iso) return DateTimeOffset.TryParse(iso.ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) ? exact : null;
        if (line.Groups["day"] is not { Success: true } day) return null;
        // Such a time has no year: it is the last one that is not ahead of us, but for a clock that is a little off.
        for (var year = now.Year; year >= now.Year - 4; year--)
        {
            if (DateTime.TryParseExact($"{year} {day.Value.Replace("  ", " ", StringComparison.Ordinal)}", "yyyy MMM d HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                && new DateTimeOffset(local, now.Offset) is var time && time <= now.AddDays(1)) return time;
        }

        return null;
    }

    [GeneratedRegex(@"^(?:(?<unix>[0-9]{9,11})\.[0-9]+ |(?<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]{8,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})) |(?<day>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) )?(?:[^ ]+ )?(?:[^ ]*/)?(?<program>dnsmasq-dhcp|dnsmasq-tftp|rpc\.mountd|mountd)(?:\[[0-9]+\])?: (?<message>.*)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();

    [GeneratedRegex(@"^(?<number>[0-9]+) vendor class: (?<class>.*)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex VendorClass();

    [GeneratedRegex(@"^(?:(?<number>[0-9]+) )?(?<kind>DHCP[A-Z]+|BOOTP|PXE)\([^ )]*\) (?:(?<address>[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]+|[0-9a-f]+::[0-9a-f]*) )?(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2})+)(?<rest>(?: .*)?)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Dhcp();

    [GeneratedRegex(@"^authenticated mount request from (?<address>[0-9A-Fa-f:.]+):[0-9]+ for (?<path>/[^ ]*) \(", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Mount();
}
