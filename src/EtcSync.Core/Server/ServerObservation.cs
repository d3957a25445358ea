using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.Core.Text;

namespace EtcSync.Core.Server;

/// <summary>All that the server's files depend on.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Clients">The clients that can be served: those whose clone exists, by name.</param>
/// <param name="Waiting">The clients whose clone does not exist yet.</param>
/// <param name="Boot">What is in the shared root's boot directory.</param>
/// <param name="Foreign">What others wrote for the same programs.</param>
/// <param name="Files">What is now at each place where a generated file is, or was, or may be; absent ones are not in it.</param>
/// <param name="Installed">What was installed last; empty before the first time.</param>
public sealed record ServerObservation(
    Settings Settings,
    ImmutableArray<ServedClient> Clients,
    ImmutableArray<ClientName> Waiting,
    BootDirectory Boot,
    ForeignFiles Foreign,
    ImmutableSortedDictionary<string, CurrentFile> Files,
    InstalledFiles Installed)
{
    /// <summary>Where the exported directories are.</summary>
    public ExportedPlaces Places { get; init; } = ExportedPlaces.Ordinary;
}

/// <summary>A client that can be served.</summary>
/// <param name="Client">The client, as the inventory has it now.</param>
/// <param name="Directory">Its work tree, as the configuration spells it.</param>
/// <param name="FormerNames">Names under which it may still be running, until it has booted with the new one.</param>
/// <param name="FormerAddresses">Addresses that it may still have, until it has booted with the new ones.</param>
public sealed record ServedClient(Client Client, string Directory, ImmutableArray<ClientName> FormerNames, ImmutableArray<IPAddress> FormerAddresses);

/// <summary>What others wrote: configuration that is not ours, by the program that reads it.</summary>
/// <param name="Exports">The files of exports(5), without ours.</param>
/// <param name="Dnsmasq">The files that dnsmasq reads, in its order, without ours.</param>
/// <param name="Hosts">/etc/hosts, without our block; null where there is none.</param>
public sealed record ForeignFiles(ImmutableArray<ForeignFile> Exports, ImmutableArray<ForeignFile> Dnsmasq, ForeignFile? Hosts)
{
    /// <summary>Nobody wrote anything.</summary>
    public static ForeignFiles None { get; } = new([], [], null);
}

/// <summary>One file of somebody else's.</summary>
/// <param name="Path">Where it is, as the configuration spells it.</param>
/// <param name="Text">Its bytes as Latin-1, so that each byte is one character and nothing is lost.</param>
public sealed record ForeignFile(string Path, string Text);

/// <summary>What is at a place.</summary>
public abstract record CurrentFile
{
    private CurrentFile()
    {
    }

    /// <summary>What people read there; empty where it is nothing to read.</summary>
    public string Readable => this switch
    {
        Regular regular => ByteText.Readable(regular.Text),
        Link link => $"-> {link.Target}\n",
        _ => "",
    };

    /// <summary>A regular file.</summary>
    /// <param name="Text">Its bytes as Latin-1.</param>
    public sealed record Regular(string Text) : CurrentFile;

    /// <summary>A symbolic link.</summary>
    /// <param name="Target">What it leads to.</param>
    public sealed record Link(string Target) : CurrentFile;

    /// <summary>Something that is neither.</summary>
    public sealed record Other : CurrentFile;
}
