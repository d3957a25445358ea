using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace EtcSync.Core.Doctor;

/// <summary>What the kernel's NFS server knows of its clients.</summary>
public sealed partial class NfsTables
{
    private readonly ImmutableDictionary<IPAddress, string> _domains;
    private readonly HashSet<ExportUse> _uses;
    private readonly HashSet<IPAddress> _present;
    private readonly ILookup<IPAddress, string> _open;

    /// <summary>What was read.</summary>
    /// <param name="uses">Which client domain used which export lately: the kernel asks again after half an hour.</param>
    /// <param name="domains">The domain that an address belongs to.</param>
    /// <param name="clients">The clients of NFSv4.</param>
    /// <param name="connected">The addresses that have a connection to the NFS port at this moment.</param>
    /// <param name="flushed">When these tables were emptied last; null where that is not known.</param>
    public NfsTables(IEnumerable<ExportUse> uses, ImmutableDictionary<IPAddress, string> domains, IReadOnlyCollection<NfsClient> clients, IEnumerable<IPAddress> connected, DateTimeOffset? flushed)
    {
        _domains = domains;
        _uses = [.. uses];
        _present = [.. connected, .. clients.Where(client => client.IsAlive).Select(client => client.Address)];
        _open = clients.SelectMany(client => client.Open.Select(file => (client.Address, file))).ToLookup(pair => pair.Address, pair => pair.file);
        Flushed = flushed;
    }

    private NfsTables(string reason)
        : this([], ImmutableDictionary<IPAddress, string>.Empty, [], [], null) => Unreadable = reason;

    /// <summary>Why nothing is known; null where it was read.</summary>
    public string? Unreadable { get; }

    /// <summary>When the tables were emptied last ('exportfs -r' does it): what a machine uses comes back into them when it uses it again.</summary>
    public DateTimeOffset? Flushed { get; }

    /// <summary>No server runs, or it could not be asked.</summary>
    public static NfsTables Unknown(string reason) => new(reason);

    /// <summary>Whether the machine at an address was seen to use an export lately.</summary>
    public bool IsUsing(IPAddress address, string path) => _uses.Contains(new(path, DomainOf(address)));

    /// <summary>Whether the machine at an address has a file open that lies directly in a directory of this name.</summary>
    public bool HasOpenIn(IPAddress address, string directory) => _open[address].Any(file => file.StartsWith(directory + "/", StringComparison.Ordinal));

    /// <summary>Whether the machine at an address has anything mounted at this moment.</summary>
    public bool IsConnected(IPAddress address) => _present.Contains(address);

    // With very many entries mountd makes a domain of each address by itself, with a '$' before it.
    private string DomainOf(IPAddress address) => _domains.GetValueOrDefault(address) ?? $"${address}";

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

    /// <summary>Reads <c>/proc/net/rpc/nfsd.export/flush</c> (net/sunrpc/cache.c, read_flush): seconds since 1970.</summary>
    public static DateTimeOffset? ReadFlush(string text) =>
        long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1L << 36 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>
    /// Reads <c>info</c> and <c>states</c> of a directory in <c>/proc/fs/nfsd/clients</c> (fs/nfsd/nfs4state.c, client_info_show and
    /// nfs4_show_open); null where there is no address. A file is told by its last two names.
    /// </summary>
    public static NfsClient? ReadClient(string text, string states)
    {
        var fields = text.Split('\n').Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(pair => pair[0], pair => pair[1].Trim().Trim('"'), StringComparer.Ordinal);
        if (!fields.TryGetValue("address", out var end) || !IPEndPoint.TryParse(end, out var address)) return null;
        var silent = fields.TryGetValue("seconds from last renew", out var renew) && int.TryParse(renew, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : (int?)null;
        return new(Plain(address.Address), fields.GetValueOrDefault("status", "confirmed"), silent, [.. OpenFile().Matches(states).Select(match => match.Groups["file"].Value)]);
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

    [GeneratedRegex("^- 0x[0-9a-f]+: \\{ type: (?:open|deleg|lock), .*?superblock: \"[0-9a-f:]+\", filename: \"(?<file>[^\"]*)\"", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex OpenFile();

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
/// <param name="Open">Files that it has open, or a delegation for: the directory's name and the file's.</param>
public sealed record NfsClient(IPAddress Address, string Status, int? Silent, ImmutableArray<string> Open)
{
    // A client says that it is there at least once in a lease, which is 90 seconds.
    private const int Lease = 90;

    /// <summary>Whether it is there at this moment.</summary>
    public bool IsAlive => Status == "confirmed" && Silent is null or <= Lease;
}
