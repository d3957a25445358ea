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

    private static IEnumerable<(string Key, string Value)> Fields(Client client)
    {
        yield return ("mac", client.Macs.Length == 1 ? client.Macs[0].ToString() : $"[{string.Join(", ", client.Macs)}]");
        if (client.Addresses.Length == 1) yield return ("ip", Address(client.Addresses[0]));
        else if (!client.Addresses.IsEmpty) yield return ("ip", $"[{string.Join(", ", client.Addresses.Select(Address))}]");
        if (!client.Groups.IsEmpty) yield return ("groups", $"[{string.Join(", ", client.Groups)}]");
        if (client.Rollout is { } rollout)
        {
            yield return ("rollout", RolloutReader.Modes.First(m => m.Value == rollout.Mode).Word);
            if (rollout.Cron is { } cron) yield return ("cron", $"\"{cron}\"");
            if (rollout.TimeZone is { } zone) yield return ("time-zone", zone);
        }

        if (client.Identity != IdentityOverrides.None) yield return ("identity", $"{{{string.Join(", ", Identity(client.Identity))}}}");
    }

    // Quoted, because an address that ends in '::' would read as a key.
    private static string Address(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"{address}\"" : address.ToString();

    private static IEnumerable<string> Identity(IdentityOverrides identity)
    {
        if (identity.MachineId is { } id) yield return $"machine-id: {IdentityReader.MachineIds.First(m => m.Value == id).Word}";
        if (identity.SshHostKeys is { } keys) yield return $"ssh-host-keys: {IdentityReader.SshHostKeys.First(m => m.Value == keys).Word}";
        if (identity.Hostname is { } hostname) yield return $"hostname: {IdentityReader.Hostnames.First(m => m.Value == hostname).Word}";
    }
}
