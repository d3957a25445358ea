using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;

namespace EtcSync.Cli;

/// <summary>Reads what the command line says about a client, and collects everything that is wrong with it.</summary>
internal sealed class ClientWords
{
    private delegate bool Parser<T>(string? text, out T value, out string reason);

    private readonly List<string> _problems = [];

    /// <summary>A client's name.</summary>
    public ClientName Name(string text) => One<ClientName>(text, ClientName.TryParse);

    /// <summary>Network cards, each once.</summary>
    public ImmutableArray<MacAddress> Macs(IEnumerable<string> texts) => [.. texts.Select(text => One<MacAddress>(text, MacAddress.TryParse)).Distinct()];

    /// <summary>Groups, each once, in this order.</summary>
    public ImmutableArray<GroupName> Groups(IEnumerable<string> texts) => [.. texts.Select(text => One<GroupName>(text, GroupName.TryParse)).Distinct()];

    /// <summary>At most one address of each family, IPv4 first.</summary>
    public ImmutableArray<IPAddress> Addresses(IEnumerable<string> texts)
    {
        ImmutableArray<IPAddress> addresses = [.. texts.Select(text => One<IPAddress?>(text, HostAddress.TryParse)).OfType<IPAddress>().Distinct().OrderBy(address => address.AddressFamily)];
        foreach (var family in addresses.GroupBy(address => address.AddressFamily).Where(family => family.Count() > 1))
            _problems.Add($"{string.Join(" and ", family)} are two addresses of one kind. Give the client one of IPv4, one of IPv6, or one of each.");
        return addresses;
    }

    /// <summary>Says what was wrong, if anything was.</summary>
    /// <exception cref="UserErrorException">Something was; all of it is in the message.</exception>
    public void Check()
    {
        if (_problems.Count > 0) throw new UserErrorException(string.Join('\n', _problems));
    }

    private T One<T>(string text, Parser<T> parser)
    {
        if (parser(text, out var value, out var reason)) return value;
        _problems.Add(reason);
        return default!;
    }
}
