using System.Collections.Immutable;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>The clients, <c>/etc/etcsync/inventory.yaml</c>: names, MAC addresses and IP addresses are unique in it.</summary>
public sealed class Inventory
{
    private readonly ImmutableDictionary<ClientName, (Client Client, int Line)> _byName;

    internal Inventory(string file, ImmutableArray<(Client Client, int Line)> clients)
    {
        File = file;
        _byName = clients.ToImmutableDictionary(c => c.Client.Name);
        Clients = [.. clients.Select(c => c.Client).OrderBy(c => c.Name)];
    }

    /// <summary>No clients.</summary>
    public static Inventory Empty { get; } = new("", []);

    /// <summary>The file it was read from, as it was named to the loader.</summary>
    public string File { get; }

    /// <summary>All clients, by name.</summary>
    public ImmutableArray<Client> Clients { get; }

    /// <summary>A client, or null.</summary>
    public Client? Find(ClientName name) => _byName.TryGetValue(name, out var found) ? found.Client : null;

    /// <summary>The line where a client stands, from 1; 0 for one that is not here.</summary>
    public int LineOf(ClientName name) => _byName.TryGetValue(name, out var found) ? found.Line : 0;

    /// <summary>Reads the text of an inventory; an empty one has no clients. Never throws.</summary>
    public static Loaded<Inventory> Load(string fileName, string text) => InventoryReader.Load(fileName, text);
}
