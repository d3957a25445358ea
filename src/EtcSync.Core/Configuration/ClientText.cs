using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Clients;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Configuration;

/// <summary>Writes a client as the inventory has it.</summary>
internal static class ClientText
{
    /// <summary>The client as lines of block style, without indentation and without its name.</summary>
    public static IEnumerable<string> Block(Client client) => Fields(client).Select(f => $"{f.Key}: {f.Value}");

    /// <summary>The client's fields on one line, between braces, without its name.</summary>
    public static string Flow(Client client) => string.Join(", ", Block(client));

    /// <summary>A client's network cards as they are written, each by itself.</summary>
    public static IEnumerable<string> Macs(Client client) => client.Macs.Select(mac => mac.ToString());

    /// <summary>A client's addresses as they are written, each by itself.</summary>
    public static IEnumerable<string> Addresses(Client client) => client.Addresses.Select(Address);

    /// <summary>A client's groups as they are written, each by itself.</summary>
    public static IEnumerable<string> Groups(Client client) => client.Groups.Select(group => Name(group.Value));

    /// <summary>Several values on one line, or the only one.</summary>
    public static string Values(IReadOnlyList<string> values) => values.Count == 1 ? values[0] : $"[{string.Join(", ", values)}]";

    /// <summary>A name as it is written: what would read as nothing stands in quotes.</summary>
    public static string Name(string name) => name == "null" ? "\"null\"" : name;

    private static IEnumerable<(string Key, string Value)> Fields(Client client)
    {
        yield return ("mac", Values([.. Macs(client)]));
        if (!client.Addresses.IsEmpty) yield return ("ip", Values([.. Addresses(client)]));
        if (!client.Groups.IsEmpty) yield return ("groups", $"[{string.Join(", ", Groups(client))}]");
        if (client.Rollout is { } rollout)
        {
            yield return ("rollout", RolloutReader.Modes.First(m => m.Value == rollout.Mode).Word);
            if (rollout.Cron is { } cron) yield return ("cron", $"\"{cron}\"");
            if (rollout.TimeZone is { } zone) yield return ("time-zone", zone);
        }

        if (client.Identity != IdentityOverrides.None) yield return ("identity", $"{{{string.Join(", ", Identity(client.Identity))}}}");
    }

    /// <summary>An address as it is written: IPv6 in quotes, because one that ends in '::' would read as a key.</summary>
    public static string Address(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"{address}\"" : address.ToString();

    private static IEnumerable<string> Identity(IdentityOverrides identity)
    {
        if (identity.MachineId is { } id) yield return $"machine-id: {IdentityReader.MachineIds.First(m => m.Value == id).Word}";
        if (identity.SshHostKeys is { } keys) yield return $"ssh-host-keys: {IdentityReader.SshHostKeys.First(m => m.Value == keys).Word}";
        if (identity.Hostname is { } hostname) yield return $"hostname: {IdentityReader.Hostnames.First(m => m.Value == hostname).Word}";
    }
}
