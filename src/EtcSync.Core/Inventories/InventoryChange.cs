using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Inventories;

/// <summary>What became of the clients from one inventory to the next, in words.</summary>
internal static class InventoryChange
{
    /// <summary>A line for each client that is not what it was, by name. One that has the cards of another is that one, renamed.</summary>
    public static IEnumerable<string> Between(Inventory before, Inventory after)
    {
        var cards = before.Clients.Where(client => after.Find(client.Name) is null).SelectMany(client => client.Macs.Select(mac => (mac, client))).ToDictionary();
        var renamed = after.Clients.Where(client => before.Find(client.Name) is null).Select(client => (Now: client, Was: client.Macs.Select(mac => cards.GetValueOrDefault(mac)).FirstOrDefault(was => was is not null)))
            .Where(pair => pair.Was is not null).ToDictionary(pair => pair.Now.Name, pair => pair.Was!);
        var gone = renamed.Values.Select(client => client.Name).ToHashSet();
        return before.Clients.Select(client => client.Name).Union(after.Clients.Select(client => client.Name)).Order()
            .Select(name => Line(before.Find(name), after.Find(name), renamed.GetValueOrDefault(name), gone)).OfType<string>();
    }

    private static string? Line(Client? before, Client? after, Client? was, HashSet<ClientName> gone) => (before, after) switch
    {
        (null, { } added) when was is not null => Join($"{was.Name} became {added.Name}", Details(was, added)),
        (null, { } added) => Join($"added {added.Name}", Values(added)),
        ({ } removed, null) => gone.Contains(removed.Name) ? null : $"removed {removed.Name}",
        ({ } old, { } now) => Details(old, now) is { Count: > 0 } details ? Join(now.Name.Value, details) : null,
        _ => null,
    };

    private static string Join(string what, List<string> details) => details.Count == 0 ? what : $"{what}: {string.Join("; ", details)}";

    private static List<string> Values(Client client) =>
        [.. ((string[])[string.Join(", ", client.Macs), string.Join(", ", client.Addresses), string.Join(", ", client.Groups)]).Where(text => text.Length > 0)];

    private static List<string> Details(Client before, Client after)
    {
        var details = new List<string>();
        Compare("mac", before.Macs, after.Macs);
        Compare("ip", before.Addresses, after.Addresses);
        Compare("groups", before.Groups, after.Groups);
        if (before.Rollout is var old && after.Rollout is var now && (old is null ? now is not null : now is null || (old with { Source = null }) != (now with { Source = null }))) details.Add("rollout");
        if (before.Identity != after.Identity) details.Add("identity");
        return details;

        void Compare<T>(string what, IReadOnlyCollection<T> one, IReadOnlyCollection<T> other)
        {
            if (!one.SequenceEqual(other)) details.Add($"{what} {Shown(one)} became {Shown(other)}");
        }

        static string Shown<T>(IReadOnlyCollection<T> values) => values.Count == 0 ? "none" : string.Join(", ", values);
    }
}
