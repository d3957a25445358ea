using System.Net;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Dnsmasq;

/// <summary>A pool of addresses, or a network in which only reserved ones are given: the value of <c>dhcp-range</c>.</summary>
public sealed record DhcpRange
{
    /// <summary>The file it stands in.</summary>
    public required string File { get; init; }

    /// <summary>The line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Tags without which it does not count.</summary>
    public ValueArray<string> Tags { get; init; } = [];

    /// <summary>The tag that it sets; null for none.</summary>
    public string? Set { get; init; }

    /// <summary>The first address, or the network's; null where it cannot be read.</summary>
    public IPAddress? Start { get; init; }

    /// <summary>The last address; null in a range with a mode.</summary>
    public IPAddress? End { get; init; }

    /// <summary>The netmask; null for the interface's.</summary>
    public IPAddress? Netmask { get; init; }

    /// <summary>Modes: <c>static</c>, <c>proxy</c>, <c>ra-only</c>, <c>slaac</c>, <c>constructor:eth0</c> and so on.</summary>
    public ValueArray<string> Modes { get; init; } = [];

    /// <summary>The length of an IPv6 prefix; null where it is not given.</summary>
    public int? PrefixLength { get; init; }

    /// <summary>How long a lease is, as it is written; null for dnsmasq's hour.</summary>
    public string? Lease { get; init; }

    /// <summary>What a line says. Never throws.</summary>
    public static DhcpRange Read(DnsmasqLine line)
    {
        var range = new DhcpRange { File = line.File, Line = line.Number };
        foreach (var word in line.Fields) range = range.With(word);
        return range;
    }

    private DhcpRange With(string word)
    {
        if (word.StartsWith("tag:", StringComparison.Ordinal) || word.StartsWith("net:", StringComparison.Ordinal)) return this with { Tags = [.. Tags, word[4..]] };
        if (word.StartsWith("set:", StringComparison.Ordinal)) return this with { Set = word[4..] };
        var address = DhcpHost.Dotted(word) ?? (word.Contains("::", StringComparison.Ordinal) || word.Count(c => c == ':') == 7 ? IPAddress.TryParse(word, out var v6) ? v6 : null : null);
        if (address is not null && Start is null) return this with { Start = address };
        if (address is not null && End is null && Modes.IsEmpty) return this with { End = address };
        // A second mask is the broadcast address, which nothing here depends on.
        if (address is not null) return Netmask is null ? this with { Netmask = address } : this;
        if (Start?.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && PrefixLength is null && word.Length <= 3 && int.TryParse(word, System.Globalization.NumberStyles.None, null, out var length) && length <= 128)
            return this with { PrefixLength = length };
        if (word is "infinite" or "deprecated" || DhcpHost.IsTime(word)) return this with { Lease = word };
        return word.Length == 0 ? this : this with { Modes = [.. Modes, word] };
    }
}
