using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Exports;

namespace EtcSync.Core.Adoption;

/// <summary>Chooses the settings with which clients go on getting what a hand-written configuration gave them. Pure.</summary>
internal sealed class HandMadeSettings(
    HandMadeServer server, DnsmasqConfiguration dnsmasq, ImmutableArray<ExportEntry> exports, PxelinuxEntry? boot, BootArguments arguments, string root, CloneTemplate clones, ImmutableArray<UnderstoodClient> clients)
{
    // dnsmasq(8), --dhcp-range: the default of IPv4.
    private static readonly TimeSpan UsualLease = TimeSpan.FromHours(1);

    // What EtcSync writes by itself, or from a setting of its own.
    private static readonly string[] UsualOptions = ["ro", "rw", "sync", "async", "no_root_squash", "root_squash", "subtree_check", "no_subtree_check", "secure", "insecure", "no_all_squash", "wdelay", "hide"];

    private readonly List<SettingChoice> _choices = [];

    /// <summary>The settings, in the order of the file.</summary>
    /// <param name="faults">Takes what cannot be set.</param>
    public ImmutableArray<SettingChoice> Choose(List<AdoptionFault> faults)
    {
        // Without a client there is nobody for whom anything has to stay.
        if (clients.IsEmpty) return [];
        if (!clones.Equals(CloneTemplate.Default)) Set("", "clones", $"\"{clones.Text}\"", PxelinuxFile, boot!.Line);
        var address = Server();
        Export(faults);
        Dhcp(address);
        Names();
        Boot();
        return [.. _choices];
    }

    private string PxelinuxFile => server.Pxelinux.IsEmpty ? "" : server.Pxelinux[0].Path;

    private IEnumerable<ExportEntry> OfRoot => exports.Where(entry => entry.Directory == root);

    private IEnumerable<ExportEntry> OfClients => exports.Where(entry => clients.Any(client => clones.PathOf(client.Client.Name) == entry.Directory));

    private void Set(string section, string key, string value, string file, int line) => _choices.Add(new(section, key, value, file, line));

    private IPAddress? Server()
    {
        var listen = dnsmasq.All("listen-address").SelectMany(line => line.Fields.Select(field => (Line: line, Address: IPAddress.TryParse(field, out var parsed) && HostAddress.TryParse(field, out _, out _) ? parsed : null))).FirstOrDefault(pair => pair.Address is not null);
        var (address, file, number) = arguments.Server is { } mounted ? (mounted, PxelinuxFile, boot!.Line) : listen.Address is { } heard ? (heard, listen.Line.File, listen.Line.Number) : (null, "", 0);
        var card = server.Cards.FirstOrDefault(card => address is null ? clients.Any(client => client.Client.Addresses.Any(own => card.Network?.Contains(own) == true)) : card.Address.Equals(address));
        (address, file) = address is null && card is not null ? (card.Address, $"the machine's {card.Interface}") : (address, file);
        // Without one the server's files cannot be written, and that is said there.
        if (address is null) return null;
        Set("server", "address", $"\"{address}\"", file, number);
        var named = dnsmasq.All("interface").FirstOrDefault(line => line.First is not ("" or "lo"));
        if ((card?.Interface ?? named?.First) is { } name) Set("server", "interface", $"\"{name}\"", card is null ? named!.File : $"the machine's {name}", card is null ? named!.Number : 0);
        if (Network(address, card) is var (network, where, line)) Set("server", "network", $"\"{network}\"", where, line);
        return address;
    }

    // As wide as the shared root is exported; else as the pool or the network card say.
    private (IPNetwork Network, string File, int Line)? Network(IPAddress address, CardAddress? card)
    {
        foreach (var entry in OfRoot)
        {
            if (ExportClient.Parse(entry.Client) is ExportClient.Network { Whole: { } network } && network.Contains(address)) return (network, entry.File, entry.Line);
        }

        if (card?.Network is { } own) return (own, $"the machine's {card.Interface}", 0);
        foreach (var range in dnsmasq.Ranges)
        {
            if (range is { Start: { AddressFamily: AddressFamily.InterNetwork } start, Netmask: { } mask } && new ExportClient.Network(start, mask).Whole is { } network && network.Contains(address)) return (network, range.File, range.Line);
        }

        return null;
    }

    private void Export(List<AdoptionFault> faults)
    {
        var all = OfRoot.Concat(OfClients).ToList();
        if (all.Count == 0) return;
        // exports(5): without either word there is no check. A client that runs holds handles of the one kind or the other.
        if (all.Find(entry => !entry.Options.Contains("subtree_check")) is { } without)
        {
            Set("exports", "subtree-check", "false", without.File, without.Line);
            faults.Add(new(without.File, without.Line, "It is exported without subtree_check: clients can guess handles of all files on the same file system.", "It stays so, because running clients would lose what they have mounted. Once all are down, remove 'subtree-check: false' from /etc/etcsync/etcsync.yaml.", NeedsPerson: true));
        }

        var security = all.SelectMany(entry => entry.Options.Where(option => option.StartsWith("sec=", StringComparison.Ordinal)).Select(option => (Entry: entry, Value: option[4..].Split(':')[0]))).FirstOrDefault();
        if (security.Value is "krb5" or "krb5i" or "krb5p") Set("exports", "security", security.Value, security.Entry.File, security.Entry.Line);
        Options("root-options", OfRoot.ToList(), faults);
        Options("client-options", OfClients.ToList(), faults);
        var builder = exports.FirstOrDefault(entry => entry.Directory == $"{root}/boot" && entry.Options.Contains("rw") && clients.Any(client => client.Client.Addresses.Any(own => own.ToString() == entry.Client.Split('/')[0])));
        if (builder is not null) Set("exports", "boot-builder", clients.First(client => client.Client.Addresses.Any(own => own.ToString() == builder.Client.Split('/')[0])).Client.Name.Value, builder.File, builder.Line);
    }

    private void Options(string key, List<ExportEntry> entries, List<AdoptionFault> faults)
    {
        if (entries.Count == 0) return;
        var further = entries.ConvertAll(entry => entry.Options.Where(option => !UsualOptions.Contains(option) && !option.StartsWith("sec=", StringComparison.Ordinal)).ToList());
        var common = further[0].Where(option => further.TrueForAll(options => options.Contains(option))).Distinct().ToList();
        if (common.Count > 0) Set("exports", key, $"[{string.Join(", ", common.Select(option => $"\"{option}\""))}]", entries[0].File, entries[0].Line);
        for (var i = 0; i < entries.Count; i++)
        {
            var lost = further[i].Where(option => !common.Contains(option)).ToList();
            if (lost.Count > 0) faults.Add(new(entries[i].File, entries[i].Line, $"Only this line has {string.Join(" and ", lost)}.", $"EtcSync exports all clients alike, so that it is not taken over{(lost.Exists(option => option.StartsWith("fsid=", StringComparison.Ordinal)) ? "; with another fsid a running client loses what it has mounted: shut it down first" : "")}. If all are to have it, write it to exports.{key} in /etc/etcsync/etcsync.yaml.", NeedsPerson: true));
        }
    }

    private void Dhcp(IPAddress? address)
    {
        var range = dnsmasq.Ranges.FirstOrDefault(range => range.Start is { AddressFamily: AddressFamily.InterNetwork });
        if (range is not null)
        {
            if (range.End is { } end) Set("dhcp", "range", $"{range.Start}-{end}", range.File, range.Line);
            var lease = range.Lease is null ? UsualLease : Time(range.Lease);
            if (lease is { } time) Set("dhcp", "lease", Durations.Format(time), range.File, range.Line);
            if (range is { End: not null } && range.Tags.IsEmpty) Set("dhcp", "unknown-machines", "serve", range.File, range.Line);
        }

        if (Option("dns-server", "6") is { } servers) Set("dhcp", "name-servers", $"[{string.Join(", ", servers.Values.Select(value => value.Equals(IPAddress.Any) ? address : value).OfType<IPAddress>())}]", servers.Line.File, servers.Line.Number);
        if (Option("router", "3") is { Values: [var router, ..] } gateway) Set("dhcp", "router", (router.Equals(IPAddress.Any) ? address ?? router : router).ToString(), gateway.Line.File, gateway.Line.Number);
        // dnsmasq(8), --dhcp-option: without a word about it, clients are told that this machine is their router. An option without a value says that there is none.
        else if (range is not null && address is not null && !dnsmasq.All("dhcp-option").Concat(dnsmasq.All("dhcp-option-force")).Any(IsAboutRouter)) Set("dhcp", "router", address.ToString(), range.File, range.Line);
    }

    private static bool IsAboutRouter(DnsmasqLine line) => line.Fields.FirstOrDefault(field => !field.StartsWith("tag:", StringComparison.Ordinal) && !field.StartsWith("net:", StringComparison.Ordinal)) is "option:router" or "3";

    // dhcp-option=option:dns-server,A,B or =6,A,B, without a tag.
    private (DnsmasqLine Line, List<IPAddress> Values)? Option(string name, string number)
    {
        foreach (var line in dnsmasq.All("dhcp-option"))
        {
            if (line.First != $"option:{name}" && line.First != number) continue;
            var values = line.Fields.Skip(1).Select(field => IPAddress.TryParse(field, out var parsed) ? parsed : null).OfType<IPAddress>().ToList();
            if (values.Count > 0) return (line, values);
        }

        return null;
    }

    private void Names()
    {
        var names = clients.Select(client => client.Client.Name.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (server.Foreign.Hosts is { } hosts && Core.Names.HostsFile.Read(hosts).FirstOrDefault(entry => entry.Names.Any(name => names.Contains(name.Split('.')[0]))) is { } entry) Set("names", "etc-hosts", "true", entry.File, entry.Line);
        if (dnsmasq.All("domain").FirstOrDefault(line => line.First.Length > 0 && line.Fields.Count() == 1) is { } domain) Set("names", "domain", domain.First, domain.File, domain.Number);
    }

    private void Boot()
    {
        if (boot is null) return;
        if (boot.Kernel is { } kernel && Exists(kernel)) Set("boot", "kernel", kernel.TrimStart(':', '/'), PxelinuxFile, boot.Line);
        if (boot.Images.LastOrDefault(image => !IsMicrocode(image)) is { } image && Exists(image)) Set("boot", "initramfs", image.TrimStart(':', '/'), PxelinuxFile, boot.Line);
        if (!arguments.Further.IsEmpty) Set("boot", "arguments", $"\"{string.Join(' ', arguments.Further)}\"", PxelinuxFile, boot.Line);
    }

    private bool Exists(string file) => server.BootFiles.Contains(file.TrimStart(':', '/'));

    private static bool IsMicrocode(string image) => image.EndsWith("-ucode.img", StringComparison.Ordinal);

    // dnsmasq: seconds, or a number with s, m, h, d or w.
    private static TimeSpan? Time(string text)
    {
        var (digits, unit) = char.IsAsciiDigit(text[^1]) ? (text, 's') : (text[..^1], text[^1]);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 31_536_000) return null;
        return unit switch { 's' => TimeSpan.FromSeconds(number), 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), 'w' => TimeSpan.FromDays(7 * number), _ => null };
    }
}
