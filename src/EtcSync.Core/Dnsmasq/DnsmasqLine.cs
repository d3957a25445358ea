using System.Collections.Immutable;

namespace EtcSync.Core.Dnsmasq;

/// <summary>One line of dnsmasq's configuration that says something.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Number">The line, from 1.</param>
/// <param name="Option">The option's name, as the command line has it without <c>--</c>; empty in a list such as a dhcp-hostsfile, whose lines are all values.</param>
/// <param name="HasValue">Whether there is a value, if only an empty one.</param>
/// <param name="Words">The value's parts between commas, without the white space around each.</param>
/// <param name="Problem">Why dnsmasq does not take the line, or not as it looks; null otherwise.</param>
public sealed record DnsmasqLine(string File, int Number, string Option, bool HasValue, ImmutableArray<DnsmasqWord> Words, string? Problem)
{
    /// <summary>The value's parts as text.</summary>
    public IEnumerable<string> Fields => Words.Select(word => word.Text);

    /// <summary>The first part of the value; empty where there is none.</summary>
    public string First => Words.IsEmpty ? "" : Words[0].Text;
}
