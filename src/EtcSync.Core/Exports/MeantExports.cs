using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>All exports that a cluster needs, and no other.</summary>
internal sealed class MeantExports
{
    private readonly ServerObservation _observation;
    private readonly Dictionary<IPAddress, ClientName> _holders = [];
    private readonly ILookup<IPAddress, ClientName> _formerHolders;

    /// <summary>What an observation asks for.</summary>
    public MeantExports(ServerObservation observation)
    {
        _observation = observation;
        foreach (var served in observation.Clients)
        {
            foreach (var address in served.Client.Addresses) _holders[address] = served.Client.Name;
        }

        _formerHolders = observation.Clients.SelectMany(served => served.FormerAddresses.Select(address => (Address: address, served.Client.Name))).ToLookup(former => former.Address, former => former.Name);
    }

    private Settings Settings => _observation.Settings;

    private ExportSettings Exports => Settings.Exports;

    /// <summary>The directory from which clients boot, and which the boot builder writes.</summary>
    public string BootDirectory => $"{Settings.Root}/boot";

    /// <summary>The client that may write there; null where there is none, or its clone does not exist yet.</summary>
    public ServedClient? BootBuilder => Exports.BootBuilder is { } name ? _observation.Clients.FirstOrDefault(served => served.Client.Name == name) : null;

    /// <summary>Everything, in the order in which it is written.</summary>
    public ImmutableArray<MeantExport> All => [.. OfRoot, .. OfBoot, .. _observation.Clients.SelectMany(Of)];

    /// <summary>The shared root's: to the networks, and to former addresses outside them.</summary>
    public IEnumerable<MeantExport> OfRoot
    {
        get
        {
            var options = Options("ro", Settings.Root, Exports.RootOptions);
            var outside = _observation.Clients.SelectMany(FormerAddresses).Where(address => !Settings.Server.Networks.Any(network => network.Contains(address)));
            return Settings.Server.Networks.Select(network => network.ToString()).Concat(outside.Select(address => address.ToString()))
                .Distinct(StringComparer.Ordinal).Select(client => new MeantExport(Settings.Root, client, options, null));
        }
    }

    /// <summary>The boot directory's: to the boot builder alone.</summary>
    public IEnumerable<MeantExport> OfBoot =>
        BootBuilder is { } builder ? To(Addresses(builder), BootDirectory, Options("rw", BootDirectory, [.. Exports.ClientOptions.Where(option => EffectiveOptions.Term(option)?.Term != "mountpoint")]), null) : [];

    /// <summary>Those of one client's own /etc: to its addresses, and to those that it may still have.</summary>
    public IEnumerable<MeantExport> Of(ServedClient served) => To(Addresses(served), served.Directory, Options("rw", served.Directory, Exports.ClientOptions), served.Client.Name);

    /// <summary>The addresses that get a client's exports.</summary>
    public IEnumerable<IPAddress> Addresses(ServedClient served) => served.Client.Addresses.Concat(FormerAddresses(served)).Distinct();

    /// <summary>Former addresses that are not exported to, because another client has them now, with that client.</summary>
    public IEnumerable<(IPAddress Address, ClientName Holder)> Lost(ServedClient served) =>
        served.FormerAddresses.Select(address => (address, Holder: Holder(served, address))).Where(lost => lost.Holder is not null).Select(lost => (lost.address, lost.Holder!.Value));

    private IEnumerable<IPAddress> FormerAddresses(ServedClient served) => served.FormerAddresses.Where(address => Holder(served, address) is null && !Settings.Server.Addresses.Contains(address));

    // An address gets the /etc of one client: whoever has it now, else the only one that had it.
    private ClientName? Holder(ServedClient served, IPAddress address)
    {
        var others = _holders.TryGetValue(address, out var holder) ? [holder] : _formerHolders[address];
        return others.Where(other => other != served.Client.Name).Select(other => (ClientName?)other).FirstOrDefault();
    }

    private static IEnumerable<MeantExport> To(IEnumerable<IPAddress> addresses, string directory, ValueArray<string> options, ClientName? owner) =>
        addresses.Select(address => new MeantExport(directory, address.ToString(), options, owner));

    private ValueArray<string> Options(string access, string directory, ValueArray<string> further)
    {
        var given = further.Select(option => EffectiveOptions.Term(option)?.Term).ToHashSet(StringComparer.Ordinal);
        var options = new List<string> { access };
        if (!given.Contains("sync")) options.Add("sync");
        options.AddRange(["no_root_squash", Exports.SubtreeCheck ? "subtree_check" : "no_subtree_check", $"sec={Exports.Security}"]);
        if (!given.Contains("fsid") && _observation.Places.WithoutIdentity.Contains(directory)) options.Add($"fsid={FileSystemId(directory)}");
        return [.. options, .. further];
    }

    // The same for a directory for ever, so that handles that clients hold stay good, and another for each.
    private static Guid FileSystemId(string directory) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"EtcSync export {directory}")).AsSpan(0, 16), bigEndian: true);
}
