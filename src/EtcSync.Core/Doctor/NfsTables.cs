using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace EtcSync.Core.Doctor;

/// <summary>What the kernel's NFS server knows of its clients.</summary>
/// <param name="Unreadable">Why nothing is known; null where it was read.</param>
/// <param name="Uses">Which client domain used which export lately: the kernel asks again after half an hour.</param>
/// <param name="Domains">The domain that an address belongs to.</param>
/// <param name="Clients">The clients of NFSv4.</param>
/// <param name="Connected">The addresses that have a connection to the NFS port at this moment.</param>
public sealed record NfsTables(
    string? Unreadable,
    ImmutableArray<ExportUse> Uses,
    ImmutableDictionary<IPAddress, string> Domains,
    ImmutableArray<NfsClient> Clients,
    ImmutableHashSet<IPAddress> Connected)
{
    private readonly Lazy<ImmutableHashSet<(string Domain, string Path)>> _uses = new(() => [.. Uses.Select(use => (use.Domain, use.Path))]);

    /// <summary>No server runs, or it could not be asked.</summary>
    public static NfsTables Unknown(string reason) => new(reason, [], ImmutableDictionary<IPAddress, string>.Empty, [], []);

    /// <summary>Whether the machine at an address was seen to use an export lately.</summary>
    public bool IsUsing(IPAddress address, string path) => _uses.Value.Contains((DomainOf(address), path));

    /// <summary>Whether the machine at an address has anything mounted at this moment.</summary>
    public bool IsConnected(IPAddress address) => Connected.Contains(address) || Clients.Any(client => client.Address.Equals(address) && client.IsAlive);

    // With very many entries mountd makes a domain of each address by itself, with a '$' before it.
    private string DomainOf(IPAddress address) => Domains.GetValueOrDefault(address) ?? $"${address}";

    /// <summary>
    /// Reads <c>/proc/net/rpc/nfsd.export/content</c> (fs/nfsd/export.c, svc_export_show): a path, a tab, a domain with options.
    /// What is out of date, or says that there is no such export, counts for nothing.
    /// </summary>
    public static ImmutableArray<ExportUse> ReadExports(string text) =>
        [.. Lines(text).Select(line => (Tab: line.IndexOf('\t', StringComparison.Ordinal), Open: line.LastIndexOf('(', line.Length - 1), Line: line))
            .Where(cut => cut.Tab > 0 && cut.Open > cut.Tab && !cut.Line.EndsWith("()", StringComparison.Ordinal))
            .Select(cut => new ExportUse(Unescape(cut.Line[..cut.Tab]), Unescape(cut.Line[(cut.Tab + 1)..cut.Open])))];

    /// <summary>
    /// Reads <c>/proc/net/rpc/nfsd.fh/content</c> (fs/nfsd/export.c, expkey_show): domain, kind and number of the file system, and the path if it is known.
    /// </summary>
    public static ImmutableArray<ExportUse> ReadHandles(string text) =>
        [.. Lines(text).Select(line => line.Split(' ')).Where(parts => parts is [_, _, _, ['/', ..]]).Select(parts => new ExportUse(Unescape(parts[3]), Unescape(parts[0])))];

    /// <summary>Reads <c>/proc/net/rpc/auth.unix.ip/content</c> (net/sunrpc/svcauth_unix.c, ip_map_show): class, address, domain.</summary>
    public static ImmutableDictionary<IPAddress, string> ReadDomains(string text) =>
        Lines(text).Select(line => line.Split(' ', 3)).Where(parts => parts is ["nfsd", _, not "-no-domain-"])
            .Select(parts => (Known: IPAddress.TryParse(parts[1], out var address), Address: address, Domain: Unescape(parts[2])))
            .Where(entry => entry.Known).DistinctBy(entry => entry.Address).ToImmutableDictionary(entry => entry.Address!, entry => entry.Domain);

    /// <summary>Reads <c>info</c> of a directory in <c>/proc/fs/nfsd/clients</c> (fs/nfsd/nfs4state.c, client_info_show); null where it has no address.</summary>
    public static NfsClient? ReadClient(string text)
    {
        var fields = text.Split('\n').Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(pair => pair[0], pair => pair[1].Trim().Trim('"'), StringComparer.Ordinal);
        if (!fields.TryGetValue("address", out var end) || !IPEndPoint.TryParse(end, out var address)) return null;
        var silent = fields.TryGetValue("seconds from last renew", out var renew) && int.TryParse(renew, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : (int?)null;
        return new(Plain(address.Address), fields.GetValueOrDefault("status", "confirmed"), silent);
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Where(line => line.Length > 0 && line[0] != '#');

    // A space, tab, newline or backslash is \040 and the like (seq_escape, seq_path).
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3) is var digits && digits.IndexOfAnyExceptInRange('0', '7') < 0)
            {
                result.Append((char)((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + digits[2] - '0'));
                i += 3;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}

/// <summary>A domain of clients that uses an export.</summary>
/// <param name="Path">What is exported.</param>
/// <param name="Domain">The domain, as mountd names it: the client part of all entries of exports that fit an address.</param>
public sealed record ExportUse(string Path, string Domain);

/// <summary>A client of NFSv4.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Status">What the server thinks of it: confirmed, unconfirmed, courtesy, expirable.</param>
/// <param name="Silent">For how many seconds nothing was heard of it; null where this kernel does not say.</param>
public sealed record NfsClient(IPAddress Address, string Status, int? Silent)
{
    // A client says that it is there at least once in a lease, which is 90 seconds.
    private const int Lease = 90;

    /// <summary>Whether it is there at this moment.</summary>
    public bool IsAlive => Status == "confirmed" && Silent is null or <= Lease;
}
