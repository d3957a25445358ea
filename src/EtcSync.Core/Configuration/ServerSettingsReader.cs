using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Clients;
using EtcSync.Core.Exports;

namespace EtcSync.Core.Configuration;

/// <summary>Reads and checks the sections of etcsync.yaml about what the server gives its clients. Values end up in the files of other programs, so each has an alphabet that means nothing special there.</summary>
internal static class ServerSettingsReader
{
    public static readonly string[] ServerKeys = ["address", "interface", "network"];
    public static readonly string[] ExportKeys = ["manage", "security", "subtree-check", "root-options", "client-options", "boot-builder"];
    public static readonly string[] DhcpKeys = ["manage", "range", "lease", "unknown-machines", "name-servers", "router", "restart-command"];
    public static readonly string[] NameKeys = ["etc-hosts", "domain"];
    public static readonly string[] BootKeys = ["manage", "kernel", "initramfs", "arguments", "variants"];
    private static readonly string[] VariantKeys = ["clients", "groups", "kernel", "initramfs", "arguments"];

    private static readonly SearchValues<char> OptionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=:@.-/");
    private static readonly SearchValues<char> FileCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+@~-");

    public static ServerSettings Server(MapReader section) => new()
    {
        Addresses = OneOfEach<IPAddress>(section, "address", HostAddress.TryParse!, address => address.AddressFamily),
        Interface = section.TryReadOptional<string>("interface", InterfaceName, out var name) ? name : null,
        Networks = OneOfEach<IPNetwork>(section, "network", Network, network => network.BaseAddress.AddressFamily),
    };

    public static ExportSettings Exports(MapReader section, ExportSettings defaults)
    {
        var security = section.Read("security", defaults.Security, Security);
        return new()
        {
            Manage = section.Read("manage", defaults.Manage, Scalars.TrueOrFalse),
            Security = security,
            SubtreeCheck = section.Read("subtree-check", defaults.SubtreeCheck, Scalars.TrueOrFalse),
            RootOptions = ExportOptions(section, "root-options", option => ExportOptionRules.AgainstRoot(option, security)),
            ClientOptions = ExportOptions(section, "client-options", option => ExportOptionRules.AgainstClients(option, security)),
            BootBuilder = section.TryReadOptional<ClientName>("boot-builder", ClientName.TryParse, out var builder) ? builder : null,
        };
    }

    public static DhcpSettings Dhcp(MapReader section, DhcpSettings defaults)
    {
        var settings = new DhcpSettings
        {
            Manage = section.Read("manage", defaults.Manage, Scalars.TrueOrFalse),
            Range = section.TryReadOptional<AddressRange>("range", Range, out var range) ? range : null,
            Lease = section.Read("lease", defaults.Lease, Scalars.Duration(TimeSpan.FromMinutes(2), TimeSpan.FromDays(365))),
            ServesUnknown = section.Read("unknown-machines", defaults.ServesUnknown, Scalars.Choice(("serve", true), ("ignore", false))),
            NameServers = [.. section.ReadMany<IPAddress>("name-servers", HostAddress.TryParse!).Select(server => server.Value)],
            Router = section.TryReadOptional<IPAddress>("router", HostAddress.TryParse!, out var router) ? router : null,
            RestartCommand = section.Has("restart-command") ? [.. section.ReadMany<string>("restart-command", Word).Select(word => word.Value)] : defaults.RestartCommand,
        };
        if (settings.ServesUnknown && settings.Range is null) section.Report("unknown-machines", "Machines that are not in the inventory can only be served from a pool. Write 'range:' too, such as 192.168.1.200-192.168.1.250.");
        return settings;
    }

    public static NameSettings Names(MapReader section, NameSettings defaults) => new()
    {
        EtcHosts = section.Read("etc-hosts", defaults.EtcHosts, Scalars.TrueOrFalse),
        Domain = section.TryReadOptional<string>("domain", Domain, out var domain) ? domain : null,
    };

    public static BootSettings Boot(MapReader section, BootSettings defaults) => new()
    {
        Manage = section.Read("manage", defaults.Manage, Scalars.TrueOrFalse),
        Kernel = FileName(section, "kernel"),
        Initramfs = FileName(section, "initramfs"),
        Arguments = section.Read("arguments", defaults.Arguments, Arguments),
        Variants = Variants(section),
    };

    private static ValueArray<BootVariant> Variants(MapReader section)
    {
        if (section.Node("variants") is not { IsNull: false } node) return [];
        if (node is not YamlList list)
        {
            if (node is not YamlUnreadable) section.Report("variants", $"'{section.KeyPath("variants")}' holds {node.Kind}, and a list is needed: begin each variant with '- '.");
            return [];
        }

        var variants = ImmutableArray.CreateBuilder<BootVariant>();
        for (var i = 0; i < list.Items.Length; i++)
        {
            var map = MapReader.Of(list.Items[i], section.Problems, $"{section.KeyPath("variants")}[{i + 1}]", list.Items[i].Start.Line, VariantKeys);
            var variant = new BootVariant(
                [.. map.ReadMany<ClientName>("clients", ClientName.TryParse).Select(client => client.Value)],
                [.. map.ReadMany<GroupName>("groups", GroupName.TryParse).Select(group => group.Value)],
                FileName(map, "kernel"),
                FileName(map, "initramfs"),
                map.Read("arguments", "", Arguments));
            if (map.IsUnderstood && variant.Clients.IsEmpty && variant.Groups.IsEmpty) section.Problems.Add(map.Line, map.Path, "The variant is for nobody. Write 'clients:' or 'groups:'; what is for all belongs directly under 'boot:'.");
            variants.Add(variant);
        }

        return new(variants.ToImmutable());
    }

    private static ValueArray<string> ExportOptions(MapReader section, string key, Func<string, string?> against)
    {
        var terms = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = new List<string>();
        foreach (var (option, line) in section.ReadMany<string>(key, ExportOption))
        {
            var reason = against(option);
            if (reason is null && EffectiveOptions.Term(option) is var (term, _) && !terms.TryAdd(term, option))
                reason = terms[term] == option ? $"'{option}' is there twice. Leave one out." : $"'{option}' and '{terms[term]}' say two things about the same. Leave one out.";
            if (reason is null) options.Add(option);
            else section.Problems.Add(line, section.KeyPath(key), reason);
        }

        return [.. options];
    }

    private static ValueArray<T> OneOfEach<T>(MapReader section, string key, ScalarParser<T> parse, Func<T, AddressFamily> family)
    {
        var values = new List<T>();
        foreach (var (value, line) in section.ReadMany(key, parse))
        {
            if (values.Exists(other => family(other) == family(value))) section.Problems.Add(line, section.KeyPath(key), "There is one of the same kind already. Write one for IPv4, one for IPv6, or one of each.");
            else values.Add(value);
        }

        return [.. values.OrderBy(family)];
    }

    private static string? FileName(MapReader section, string key) => section.TryReadOptional<string>(key, File, out var name) ? name : null;

    private static bool Network(string text, out IPNetwork network, out string reason)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !HostAddress.TryParse(text[..slash], out var address, out _) || !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var length)
            || length < 8 || length > (address.AddressFamily == AddressFamily.InterNetwork ? 30 : 126))
        {
            reason = $"{Quoted.Text(text)} is not a network. Write its address and the length of its prefix, such as 192.168.1.0/24 or fd00:1::/64.";
            return false;
        }

        network = AddressAgreement.NetworkOf(address, length);
        reason = network.BaseAddress.Equals(address) ? "" : $"{Quoted.Text(text)} is the address of a machine. The network is written {network}.";
        return reason.Length == 0;
    }

    private static bool Range(string text, out AddressRange range, out string reason)
    {
        range = null!;
        reason = "";
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !HostAddress.TryParse(parts[0], out var first, out _) || !HostAddress.TryParse(parts[1], out var last, out _) || first.AddressFamily != last.AddressFamily)
            reason = $"{Quoted.Text(text)} is not a range of addresses. Write the first and the last, such as 192.168.1.200-192.168.1.250.";
        else if (first.GetAddressBytes().AsSpan().SequenceCompareTo(last.GetAddressBytes()) > 0)
            reason = $"{Quoted.Text(text)} ends before it begins. Write it {last}-{first}.";
        else
            range = new(first, last);
        return reason.Length == 0;
    }

    private static bool Security(string text, out string security, out string reason)
    {
        security = text;
        var parts = text.Split(':');
        reason = parts.All(part => part is "sys" or "krb5" or "krb5i" or "krb5p") && parts.Distinct().Count() == parts.Length
            ? ""
            : $"{Quoted.Text(text)} is no way in which clients can prove who they are. Write sys, krb5, krb5i or krb5p, or several of them with ':' between.";
        return reason.Length == 0;
    }

    private static bool ExportOption(string text, out string option, out string reason)
    {
        option = text;
        reason = text.Length is > 0 and <= 200 && char.IsAsciiLetter(text[0]) && text.AsSpan().IndexOfAnyExcept(OptionCharacters) < 0
            ? ""
            : $"{Quoted.Text(text)} is not an export option. Write each one by itself, as exports(5) has it, such as async or fsid=1.";
        return reason.Length == 0;
    }

    private static bool Domain(string text, out string domain, out string reason)
    {
        domain = text;
        reason = text.Length <= 200 && text.Split('.').All(label => HostLabel.Reason(label, "A part of a domain") is null)
            ? ""
            : $"{Quoted.Text(text)} is not a domain. Write labels of a-z, 0-9 and '-' with dots between, such as lab.example.org.";
        return reason.Length == 0;
    }

    private static bool File(string text, out string name, out string reason)
    {
        name = text;
        reason = text.Length is > 0 and <= 128 && text[0] is not ('.' or '-' or '~') && text.AsSpan().IndexOfAnyExcept(FileCharacters) < 0
            ? ""
            : $"{Quoted.Text(text)} cannot be a file of the boot directory. Write its name alone, such as vmlinuz-linux.";
        return reason.Length == 0;
    }

    // One line for the boot loader and the kernel: printable ASCII, and none of the characters with which pxelinux or the kernel would begin something new.
    private static bool Arguments(string text, out string arguments, out string reason)
    {
        arguments = text.Trim();
        reason = text.Length <= 1024 && text.All(c => c is >= ' ' and < '\x7f' and not ('#' or '\\' or '`'))
            ? ""
            : $"{Quoted.Text(text)} cannot stand in a kernel's command line. Write at most 1024 printable ASCII characters, without # \\ and `.";
        return reason.Length == 0;
    }

    private static bool Word(string text, out string word, out string reason)
    {
        word = text;
        reason = text.Length > 0 && !text.Any(char.IsControl) ? "" : "A word of the command is empty or has control characters in it. Write the program and each argument by itself: [systemctl, restart, dnsmasq.service].";
        return reason.Length == 0;
    }

    // The kernel's rule is shorter than IFNAMSIZ, no slash, no white space; the rest keeps dnsmasq's files safe.
    private static bool InterfaceName(string text, out string name, out string reason)
    {
        name = text;
        var good = text.Length is > 0 and < 16 && text is not ("." or "..") && text[0] != '-'
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        reason = good ? "" : $"{Quoted.Text(text)} cannot be the name of a network interface. Write one such as 'eth0' or 'enp3s0'.";
        return good;
    }
}
