using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;

namespace EtcSync.Core.Names;

/// <summary>hosts(5): on each line an address, then names; <c>#</c> begins a comment.</summary>
public static class HostsFile
{
    /// <summary>Its lines; those that cannot be read are left out, as every program that reads them does. Never throws.</summary>
    public static ImmutableArray<HostsEntry> Read(ForeignFile file)
    {
        var entries = ImmutableArray.CreateBuilder<HostsEntry>();
        var number = 0;
        foreach (var line in FileLines.Split(MarkedBlock.Blank(file.Text)))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && Address(words[0]) is { } address) entries.Add(new(file.Path, number, address, [.. words[1..]]));
        }

        return entries.ToImmutable();
    }

    // A zone behind '%' is looked up among the interfaces of the machine that parses it.
    private static IPAddress? Address(string word) =>
        DhcpHost.Dotted(word) ?? (word.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(word.Split('%')[0], out var address) ? address : null);
}
