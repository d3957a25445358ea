using System.Collections.Immutable;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.Core.Names;

namespace EtcSync.Core.Adoption;

/// <summary>Finds what is wrong in hand-written exports, names and boot files. Pure.</summary>
internal sealed class HandMadeFaults(
    HandMadeServer server, ImmutableArray<ExportEntry> exports, ImmutableArray<HostsEntry> hosts, PxelinuxEntry? boot, string root, CloneTemplate clones, ImmutableArray<UnderstoodClient> clients)
{
    /// <summary>The faults, file by file.</summary>
    public IEnumerable<AdoptionFault> Find() => [.. Exports(), .. Missing(), .. Strangers(), .. Names(), .. Boot(), .. OwnBootFiles()];

    private IEnumerable<AdoptionFault> Exports()
    {
        var byDirectory = clients.ToDictionary(client => clones.PathOf(client.Client.Name), client => client.Client, StringComparer.Ordinal);
        foreach (var entry in exports)
        {
            if (byDirectory.TryGetValue(entry.Directory, out var client) && !client.Addresses.Any(address => address.ToString() == entry.Client))
            {
                yield return new(entry.File, entry.Line,
                    $"The /etc of {client.Name}, host keys and password hashes included, is exported{(entry.Options.Contains("rw") ? " writable" : "")}{(entry.Options.Contains("no_root_squash") ? ", as root," : "")} to {Whom(entry.Client)}: every machine there can mount it.",
                    client.Addresses.IsEmpty ? "It is exported to nobody until the client has an address of its own." : $"It is exported to {string.Join(" and ", client.Addresses)} alone.", client.Addresses.IsEmpty) { Client = client.Name };
            }
            else if (entry.Directory == root && entry.Options.Contains("rw"))
            {
                yield return new(entry.File, entry.Line, $"The shared root is exported writable to {Whom(entry.Client)}: one client can change every client's programs.", "It is exported read-only.", NeedsPerson: false);
            }
        }
    }

    private IEnumerable<AdoptionFault> Missing()
    {
        foreach (var client in clients)
        {
            var directory = clones.PathOf(client.Client.Name);
            if (!exports.Any(entry => entry.Directory == directory))
                yield return new(client.File, client.Line, $"{client.Client.Name} has a reservation and a clone, and {directory} is not exported to it: it runs on upstream's /etc.", "It is exported.", NeedsPerson: false) { Client = client.Client.Name };
        }
    }

    // Exported clones of machines that nothing else is known of.
    private IEnumerable<AdoptionFault> Strangers()
    {
        var at = clones.Text.IndexOf("{name}", StringComparison.Ordinal);
        var (prefix, suffix) = (clones.Text[..at], clones.Text[(at + "{name}".Length)..]);
        foreach (var entry in exports.Where(entry => entry.Directory.StartsWith(prefix, StringComparison.Ordinal) && entry.Directory.EndsWith(suffix, StringComparison.Ordinal) && entry.Directory.Length > prefix.Length + suffix.Length).DistinctBy(entry => entry.Directory))
        {
            if (!ClientName.TryParse(entry.Directory[prefix.Length..^suffix.Length], out var name, out _) || clients.Any(client => client.Client.Name == name)) continue;
            yield return server.Directories.Contains(entry.Directory)
                ? new(entry.File, entry.Line, $"{entry.Directory} is exported, and no reservation of dnsmasq's says which machine {name} is.", $"The line stays. Add the machine with 'etcsync client add {name} --mac ADDRESS', and adopt again.", NeedsPerson: true)
                : new(entry.File, entry.Line, $"{entry.Directory} is exported, and there is no such directory.", "The line stays; remove it.", NeedsPerson: true);
        }
    }

    private IEnumerable<AdoptionFault> Names()
    {
        foreach (var entry in hosts)
        {
            var client = clients.FirstOrDefault(client => entry.Names.Any(name => name.Split('.')[0].Equals(client.Client.Name.Value, StringComparison.OrdinalIgnoreCase)))?.Client;
            if (client is not null && !client.Addresses.IsEmpty && client.Addresses.Any(own => own.AddressFamily == entry.Address.AddressFamily) && !client.Addresses.Contains(entry.Address))
                yield return new(entry.File, entry.Line, $"{client.Name} stands here for {entry.Address}, and its reservation gives it {string.Join(" and ", client.Addresses)}.", "The reservation counts; the line goes where it names nothing else.", NeedsPerson: false);
        }
    }

    private IEnumerable<AdoptionFault> Boot()
    {
        if (boot is null) yield break;
        var file = server.Pxelinux[0].Path;
        foreach (var name in boot.Images.Prepend(boot.Kernel).OfType<string>().Where(name => !server.BootFiles.Contains(name.TrimStart(':', '/'))))
            yield return new(file, boot.Line, $"{name} is loaded, and {root}/boot has no such file: a client stops there.", "EtcSync finds the kernel and the images that there are.", NeedsPerson: false);
        if (boot.Images.Length > 1)
            yield return new(file, boot.Line, $"{boot.Images.Length} early images are loaded, separated by commas ({string.Join(", ", boot.Images)}); a boot loader that takes this for one name finds none.", "EtcSync writes those that there are, microcode first.", NeedsPerson: false);
    }

    // pxelinux looks for the file of a card before it takes the default one.
    private IEnumerable<AdoptionFault> OwnBootFiles()
    {
        foreach (var file in server.Pxelinux)
        {
            if (clients.FirstOrDefault(client => client.Client.Macs.Any(card => file.Path.EndsWith("/" + BootFiles.FileOf(card), StringComparison.Ordinal))) is { } client)
                yield return new(file.Path, 0, $"{client.Client.Name} boots by a file of its own.", "It stays, and counts before what EtcSync writes for all. To have EtcSync write it, describe it under 'variants:' below 'boot:' in /etc/etcsync/etcsync.yaml, and remove the file.", NeedsPerson: true);
        }
    }

    private static string Whom(string client) => ExportClient.Parse(client) switch
    {
        ExportClient.Everybody => "everybody",
        ExportClient.Network { Whole: { } network } => $"all of {network}",
        _ => client,
    };
}
