using System.Net;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;

namespace EtcSync.Core.Names;

/// <summary>The names of the clients as lines of hosts(5).</summary>
internal static class ClientNames
{
    /// <summary>A line for each address of a client: those it has, and those it may still have until it has booted with the new ones.</summary>
    public static string Render(ServerObservation observation)
    {
        var text = new StringBuilder();
        var addresses = observation.Clients.SelectMany(served => served.Client.Addresses).ToHashSet();
        var names = observation.Clients.Select(served => served.Client.Name).ToHashSet();
        foreach (var served in observation.Clients)
        {
            // What somebody else was given since is theirs.
            var words = string.Join(' ', served.FormerNames.Where(name => !names.Contains(name)).Prepend(served.Client.Name).SelectMany(name => Spellings(name, observation.Settings.Names.Domain)));
            foreach (var address in served.Client.Addresses.Concat(served.FormerAddresses.Where(address => !addresses.Contains(address)))) Append(text, address, words);
        }

        return text.ToString();
    }

    /// <summary>How a client is called: with the domain first, because that is what its address stands for.</summary>
    public static IEnumerable<string> Spellings(ClientName name, string? domain) => domain is null ? [name.Value] : [$"{name}.{domain}", name.Value];

    private static void Append(StringBuilder text, IPAddress address, string words) => text.Append(address).Append('\t').Append(words).Append('\n');
}
