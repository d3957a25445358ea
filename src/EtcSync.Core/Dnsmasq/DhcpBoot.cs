using EtcSync.Core.Configuration;

namespace EtcSync.Core.Dnsmasq;

/// <summary>What machines are told to boot: the value of <c>dhcp-boot</c>.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Tags">Tags without which it does not count, with <c>!</c> for those with which it does not.</param>
/// <param name="BootFile">The file to boot.</param>
/// <param name="ServerName">The name of the server that has it; empty for this one.</param>
/// <param name="ServerAddress">Its address, or a name; empty for this server.</param>
public sealed record DhcpBoot(string File, int Line, ValueArray<string> Tags, string BootFile, string ServerName, string ServerAddress)
{
    /// <summary>What a line says. Never throws.</summary>
    public static DhcpBoot Read(DnsmasqLine line)
    {
        var fields = line.Fields.ToList();
        var tags = fields.TakeWhile(field => field.StartsWith("tag:", StringComparison.Ordinal) || field.StartsWith("net:", StringComparison.Ordinal)).Select(field => field[4..].Replace('#', '!')).ToList();
        var rest = fields.Skip(tags.Count).ToList();
        return new(line.File, line.Number, [.. tags], rest.ElementAtOrDefault(0) ?? "", rest.ElementAtOrDefault(1) ?? "", rest.ElementAtOrDefault(2) ?? "");
    }
}
