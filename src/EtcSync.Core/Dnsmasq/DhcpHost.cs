using System.Buffers;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Dnsmasq;

/// <summary>A reservation: the value of <c>dhcp-host</c>, a line of a dhcp-hostsfile, or one of ethers(5).</summary>
public sealed record DhcpHost
{
    private static readonly SearchValues<char> DigitsAndBlanks = SearchValues.Create("0123456789 ");

    /// <summary>The file it stands in.</summary>
    public required string File { get; init; }

    /// <summary>The line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Ethernet addresses.</summary>
    public ValueArray<MacAddress> Macs { get; init; } = [];

    /// <summary>Hardware addresses that are not those of one network card: with wildcards, or of other kinds of networks.</summary>
    public ValueArray<string> OtherHardware { get; init; } = [];

    /// <summary>Client identifiers, without <c>id:</c>.</summary>
    public ValueArray<string> ClientIds { get; init; } = [];

    /// <summary>Tags that it sets.</summary>
    public ValueArray<string> Sets { get; init; } = [];

    /// <summary>Tags without which it does not count.</summary>
    public ValueArray<string> Tags { get; init; } = [];

    /// <summary>The host's name, perhaps with a domain; null where it gives none.</summary>
    public string? Name { get; init; }

    /// <summary>The IPv4 address and the IPv6 addresses.</summary>
    public ValueArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>IPv6 addresses that are no single one, such as <c>[fd00::50/126]</c>, without the brackets.</summary>
    public ValueArray<string> OtherAddresses { get; init; } = [];

    /// <summary>How long the lease is, as it is written; null for the range's.</summary>
    public string? Lease { get; init; }

    /// <summary>Whether the host is given nothing.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>Why dnsmasq does not take it; null where it does.</summary>
    public string? Problem { get; init; }

    /// <summary>What the words of a line reserve, as dnsmasq's own parser tells them apart. Never throws.</summary>
    public static DhcpHost Read(DnsmasqLine line)
    {
        var host = new DhcpHost { File = line.File, Line = line.Number, Problem = line.Problem };
        foreach (var word in line.Words) host = host.With(word);
        return host;
    }

    private DhcpHost With(DnsmasqWord word)
    {
        var marked = word.Marked;
        if (marked.Contains(':', StringComparison.Ordinal)) return WithColon(marked);
        if (marked.Contains('.', StringComparison.Ordinal) && Dotted(marked) is { } address) return this with { Addresses = [.. Addresses, address] };
        if (IsTime(marked)) return this with { Lease = marked };
        return marked switch
        {
            "" => this,
            "infinite" => this with { Lease = marked },
            "ignore" => this with { IsIgnored = true },
            _ => this with { Name = word.Text },
        };
    }

    private DhcpHost WithColon(string word)
    {
        var text = new DnsmasqWord(word).Text;
        if (word.StartsWith("id:", StringComparison.OrdinalIgnoreCase)) return this with { ClientIds = [.. ClientIds, text[3..]] };
        if (word.StartsWith("set:", StringComparison.Ordinal) || word.StartsWith("net:", StringComparison.Ordinal)) return this with { Sets = [.. Sets, text[4..]] };
        if (word.StartsWith("tag:", StringComparison.Ordinal)) return this with { Tags = [.. Tags, text[4..]] };
        if (word[0] == '[' && word[^1] == ']')
        {
            return IPAddress.TryParse(text[1..^1], out var address) && !text.AsSpan().ContainsAny('%', '/')
                ? this with { Addresses = [.. Addresses, address] }
                : this with { OtherAddresses = [.. OtherAddresses, text[1..^1]] };
        }

        return HardwareAddress.TryRead(text, out var octets) switch
        {
            false => this with { Problem = Problem ?? $"{Quoted.Text(text)} is no hardware address." },
            _ when octets is not null && MacAddress.TryParse(octets, out var mac, out _) => this with { Macs = [.. Macs, mac] },
            _ => this with { OtherHardware = [.. OtherHardware, text] },
        };
    }

    /// <summary>Four decimal numbers and nothing else: to <see cref="IPAddress"/>, "12" would be an address as well.</summary>
    internal static IPAddress? Dotted(string text) =>
        IPAddress.TryParse(text, out var address) && string.Equals(address.ToString(), text, StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal) ? address : null;

    /// <summary>Digits, and perhaps a unit behind them: dnsmasq takes such a word for the length of a lease.</summary>
    internal static bool IsTime(string text)
    {
        var digits = text.Length > 1 && text[^1] is 'w' or 'd' or 'h' or 'm' or 's' ? text.AsSpan(0, text.Length - 1) : text;
        return digits.TrimEnd(' ') is { IsEmpty: false } && digits.ContainsAnyInRange('0', '9') && !digits.ContainsAnyExcept(DigitsAndBlanks);
    }
}
