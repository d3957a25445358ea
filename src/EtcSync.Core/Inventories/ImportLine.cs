using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Inventories;

/// <summary>Reads the values on one line of a list, and collects what is wrong with them.</summary>
internal sealed class ImportLine(string file, int line, List<Problem> problems)
{
    private delegate bool Parser<T>(string? text, out T value, out string reason);

    /// <summary>Adds a problem of this line.</summary>
    public void Add(string message) => problems.Add(new(file, line, "", message));

    /// <summary>A client's name.</summary>
    public ClientName Name(string text) => All<ClientName>([text], ClientName.TryParse).FirstOrDefault();

    /// <summary>Network cards.</summary>
    public ImmutableArray<MacAddress> Macs(IEnumerable<string> texts) => All<MacAddress>(texts, MacAddress.TryParse);

    /// <summary>Groups, in their order.</summary>
    public ImmutableArray<GroupName> Groups(IEnumerable<string> texts) => All<GroupName>(texts, GroupName.TryParse);

    /// <summary>At most one address of each family, IPv4 first.</summary>
    public ImmutableArray<IPAddress> Addresses(IEnumerable<string> texts)
    {
        ImmutableArray<IPAddress> addresses = [.. All<IPAddress?>(texts, HostAddress.TryParse).OfType<IPAddress>().OrderBy(address => address.AddressFamily)];
        if (addresses.GroupBy(address => address.AddressFamily).Any(family => family.Count() > 1)) Add($"{string.Join(" and ", addresses)} are several addresses. Give a client one of IPv4, one of IPv6, or one of each.");
        return addresses;
    }

    private ImmutableArray<T> All<T>(IEnumerable<string> texts, Parser<T> parser)
    {
        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var text in texts)
        {
            if (!parser(text, out var value, out var reason)) Add(reason);
            else if (!values.Contains(value)) values.Add(value);
        }

        return values.ToImmutable();
    }
}
