using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Names;
using EtcSync.Core.Server;

namespace EtcSync.Core.Dnsmasq;

/// <summary>
/// dnsmasq's files: options, which rarely change and take a restart, and beside them the lists of reservations and names, which
/// dnsmasq reads again on a signal, so that a client comes and goes without one.
/// </summary>
internal sealed class DnsmasqFiles : IServerFiles
{
    private const string HostsPath = "/etc/hosts";

    /// <inheritdoc/>
    public ServerPart Part => ServerPart.Dnsmasq;

    /// <inheritdoc/>
    public ImmutableArray<GeneratedFile> Render(ServerObservation observation)
    {
        var foreign = DnsmasqConfiguration.Read(observation.Foreign.Dnsmasq);
        var names = ClientNames.Render(observation);
        var files = ImmutableArray.CreateBuilder<GeneratedFile>();
        var reservations = Reservations.Render(observation);
        files.Add(new(Part, DnsmasqPaths.Reservations, new GeneratedContent.Whole($"{FileHeader.Line}\n{reservations}"), ReloadKind.Reread));
        files.Add(new(Part, DnsmasqPaths.Names, new GeneratedContent.Whole($"{FileHeader.Line}\n{Fingerprint.ListsAddress}\t{Fingerprint.ListsName(Fingerprint.Of(reservations + names))}\n{names}"), ReloadKind.Reread));
        var options = DnsmasqOptions.Render(observation, foreign);
        files.Add(new(Part, DnsmasqPaths.Configuration, new GeneratedContent.Whole($"{FileHeader.Line}\n{options}txt-record={Fingerprint.OptionsName},{Fingerprint.Of(options)}\n"), ReloadKind.Restart));
        if (!foreign.Includes(DnsmasqPaths.Configuration)) files.Add(new(Part, DnsmasqConfiguration.MainFile, new GeneratedContent.Block($"conf-file={DnsmasqPaths.Configuration}"), ReloadKind.Restart));
        if (observation.Settings.Names.EtcHosts) files.Add(new(Part, HostsPath, new GeneratedContent.Block(names), ReloadKind.Reread));
        return files.ToImmutable();
    }

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> Check(ServerObservation observation)
    {
        var foreign = DnsmasqConfiguration.Read(observation.Foreign.Dnsmasq);
        return [.. Refusals(observation), .. DnsmasqConflicts.Find(observation, foreign), .. NameConflicts.Find(observation, foreign)];
    }

    private static IEnumerable<ServerFinding> Refusals(ServerObservation observation)
    {
        if (observation.Settings.Server.Addresses.IsEmpty && observation.Settings.Server.Networks.IsEmpty)
            yield return new(ServerPart.Dnsmasq, FindingLevel.Refusal, "Where the clients are is not known, so nothing can be written for dnsmasq. Write 'address:' and 'network:' below 'server:' in /etc/etcsync/etcsync.yaml, or 'manage: false' below 'dhcp:'.");
        foreach (var served in observation.Clients)
        {
            if (Reservations.Line(served, observation.Settings) is { Length: > Reservations.LongestLine } line)
                yield return new(ServerPart.Dnsmasq, FindingLevel.Refusal, $"The reservation of {served.Client.Name} would have {line.Length} characters, and dnsmasq reads {Reservations.LongestLine}. Give the client fewer network cards or groups.");
            if (served.Client.Address is null && observation.Settings.Dhcp.Range is null)
                yield return new(ServerPart.Dnsmasq, FindingLevel.Warning, $"{served.Client.Name} gets no IPv4 address: it has none of its own, and there is no pool. Give it one ('etcsync client set {served.Client.Name} --ip ADDRESS'), or write 'range:' below 'dhcp:'.");
        }
    }
}
