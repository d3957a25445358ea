using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Names;
using EtcSync.Core.Server;
using EtcSync.Fleet;
using EtcSync.Server;

namespace EtcSync.Dnsmasq;

/// <summary>dnsmasq, as this machine runs it.</summary>
internal sealed class DnsmasqService(Workspace workspace) : IServerService
{
    private const string Program = "dnsmasq";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(500);
    // A careful server looks for three seconds whether the address is free.
    private static readonly TimeSpan OfferLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ServerProgram _programs = new(workspace.Time, Limit);

    /// <inheritdoc/>
    public ServerPart Part => ServerPart.Dnsmasq;

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> TryOut(ServerPlan plan, CancellationToken cancellation)
    {
        if (Whole(plan, DnsmasqPaths.Configuration) is not { } options || Whole(plan, DnsmasqPaths.Reservations) is not { } reservations) return [];
        var isFirst = plan.Changes.Any(change => change is { Path: DnsmasqPaths.Configuration, Before: null });
        return [.. Tried(options, reservations, cancellation), .. isFirst ? Served() : []];
    }

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> Reload(ServerPlan plan, IReadOnlyList<FileChange> changed, CancellationToken cancellation)
    {
        if (ServerProgram.Find(Program) is null) return [Finding(FindingLevel.Warning, "The files for dnsmasq are written, and nothing reads them: dnsmasq is not installed. Install it, and start it.")];
        var reload = changed.Max(change => change.Reload);
        if (reload == ReloadKind.None) return [];
        var told = reload == ReloadKind.Restart || CrashesOnReread() ? Restart(cancellation) : Reread(cancellation);
        if (told.Any(finding => finding.Level == FindingLevel.Refusal)) return told;
        return [.. told, .. new LeaseEnding(workspace).End(plan.Gone, Reserved(plan), cancellation)];
    }

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> ReadBack(ServerPlan plan, ServerObservation observation, CancellationToken cancellation)
    {
        if (ServerProgram.Find(Program) is null || Whole(plan, DnsmasqPaths.Configuration) is not { } options || Whole(plan, DnsmasqPaths.Names) is not { } names) return [];
        if (DnsmasqProcess.Find() is null) return [Finding(FindingLevel.Warning, $"dnsmasq is not running, so no client gets an address. Start it: '{string.Join(' ', workspace.Settings.Dhcp.RestartCommand)}'.")];
        return [.. Answered(options, names, DnsmasqConfiguration.Read(observation.Foreign.Dnsmasq), cancellation), .. LeaseEnding.InTheWay(LeaseFiles.Read(workspace.Locations), Reserved(plan), workspace.Time.GetUtcNow())];
    }

    private IEnumerable<ServerFinding> Tried(string options, string reservations, CancellationToken cancellation)
    {
        if (ServerProgram.Find(Program) is not { } dnsmasq)
        {
            yield return Finding(FindingLevel.Note, "dnsmasq is not installed here, so it could not be tried on the new files.");
            yield break;
        }

        var trial = new DnsmasqTrial(_programs, dnsmasq, workspace.Locations);
        if (trial.OfOurs(options, reservations, cancellation) is { } said)
            yield return Finding(FindingLevel.Refusal, $"dnsmasq does not take what EtcSync would write: {Printable.Of(said)}. Nothing is written.");
        else if (trial.OfAll(options, reservations, cancellation) is { } both)
            yield return Finding(FindingLevel.Refusal, trial.OfOthers(cancellation) is { } others
                ? $"dnsmasq does not take what others wrote for it, and would not start again: {Printable.Of(others)}. Correct that first."
                : $"dnsmasq takes what EtcSync would write, but not together with what others wrote: {Printable.Of(both)}. Remove what contradicts it from their files ('etcsync adopt' takes it over).");
    }

    // Before the first time: where machines will be served, and whether somebody does so already.
    private IEnumerable<ServerFinding> Served()
    {
        var (server, dhcp) = (workspace.Settings.Server, workspace.Settings.Dhcp);
        var where = server.Interface is { } name ? $"on {name}" : $"on the interface that has {string.Join(" and ", server.Addresses)}";
        var what = dhcp.Range is null ? "the clients' own addresses and no others"
            : dhcp.ServesUnknown ? $"clients their addresses, and every other machine one of {dhcp.Range}" : $"clients their addresses, and those that have none one of {dhcp.Range}";
        yield return Finding(FindingLevel.Note, $"dnsmasq will give {what}, {where}{(server.Networks.IsEmpty ? "" : $", in {string.Join(" and ", server.Networks)}")}.");
        foreach (var finding in OtherServers()) yield return finding;
    }

    /// <summary>Asks on the clients' network whether another DHCP server answers there. Takes some seconds.</summary>
    public IEnumerable<ServerFinding> OtherServers()
    {
        var server = workspace.Settings.Server;
        if (server.Interface is null) yield break;
        ImmutableArray<IPAddress> others = [];
        string? failure = null;
        try
        {
            var own = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(address => address.Address).ToHashSet();
            others = [.. DhcpSocket.Servers(server.Interface, OfferLimit, workspace.Time).Where(address => !own.Contains(address))];
        }
        catch (SocketException e)
        {
            failure = e.Message;
        }

        if (failure is not null) yield return Finding(FindingLevel.Note, $"Whether another DHCP server answers on {server.Interface} could not be asked: {failure}. Two of them on one network give clients now the one, now the other answer.");
        foreach (var other in others)
            yield return Finding(FindingLevel.Warning, $"Another DHCP server answers on {server.Interface}: {other}. Clients would get now its answer, now ours, and boot or not as it happens. Switch it off for this network, or have it leave the clients' cards alone.");
    }

    private ImmutableArray<ServerFinding> Restart(CancellationToken cancellation)
    {
        ServerFinding Failed(string why) => Finding(FindingLevel.Refusal, $"dnsmasq was not restarted: {why} Set 'restart-command' below 'dhcp:' in /etc/etcsync/etcsync.yaml where it is another.");
        var command = workspace.Settings.Dhcp.RestartCommand;
        try
        {
            if (ServerProgram.Find(command[0]) is not { } program) return [Failed($"there is no program '{Printable.Of(command[0])}'.")];
            var output = _programs.Run(program, command.Skip(1), cancellation);
            if (output.IsLate) return [Failed($"'{string.Join(' ', command)}' did not come to an end.")];
            if (output.ExitCode != 0) return [Failed($"'{string.Join(' ', command)}' returned {output.ExitCode}: {Printable.Of(output.Words)}.")];
        }
        catch (IOException e)
        {
            return [Failed(e.Message)];
        }

        return Within(StartLimit, () => DnsmasqProcess.Find() is not null, cancellation) ? [] : [Failed($"after '{string.Join(' ', command)}' it is not running. Its log says why ('journalctl -u dnsmasq').")];
    }

    private ImmutableArray<ServerFinding> Reread(CancellationToken cancellation)
    {
        if (DnsmasqProcess.Find() is not { } process) return [];
        if (process.Reread() && !Within(Pause * 5, () => !process.IsRunning, cancellation)) return [];
        return [Finding(FindingLevel.Warning, "dnsmasq ended when it was told to read its lists again, and was started anew. A newer version may not do that."), .. Restart(cancellation)];
    }

    // dnsmasq 2.81 to 2.90 ends on SIGHUP where a list of reservations sets tags; ours do not.
    private bool CrashesOnReread() =>
        DnsmasqConfiguration.Read(DnsmasqSources.Read(workspace.Locations)) is var foreign && foreign.Hosts.Any(host => host.Sets.Count > 0 && !foreign.Options.Any(line => line.File == host.File));

    private IEnumerable<ServerFinding> Answered(string options, string names, DnsmasqConfiguration foreign, CancellationToken cancellation)
    {
        // Without DNS nothing can be asked, which is a finding of its own.
        if (workspace.Settings.Server.Address is not { } server || foreign.All("port").Any(line => line.First != "53")) yield break;
        var file = new ForeignFile(DnsmasqPaths.Configuration, options);
        var fingerprint = DnsmasqSyntax.Options(file).First(line => line.Option == "txt-record").Words[1].Text;
        var name = HostsFile.Read(new(DnsmasqPaths.Names, names))[0].Names[0];
        ImmutableArray<string>? said = null;
        if (!Within(ReadLimit, () => (said = DnsQuestion.Ask(server, Fingerprint.OptionsName, DnsMessage.Text, AnswerLimit)) is { } texts && texts.Contains(fingerprint), cancellation))
        {
            yield return Finding(FindingLevel.Warning, said switch
            {
                null => $"dnsmasq is running, but nobody answers DNS at {server}: it does not serve that address. Look at 'interface' and 'listen-address' in its files, and at the firewall.",
                { IsEmpty: true } => $"The running dnsmasq does not have what {DnsmasqPaths.Configuration} says. If its service reads another configuration, have that include the file (conf-file={DnsmasqPaths.Configuration}); then restart it.",
                _ => $"The running dnsmasq has an older {DnsmasqPaths.Configuration}. Restart it: '{string.Join(' ', workspace.Settings.Dhcp.RestartCommand)}'.",
            });
        }
        else if (!Within(ReadLimit, () => DnsQuestion.Ask(server, name, DnsMessage.Address, AnswerLimit) is { } addresses && addresses.Contains(Fingerprint.ListsAddress), cancellation))
        {
            yield return Finding(FindingLevel.Warning, $"The running dnsmasq has not read the present reservations and names: it may not be able to read {DnsmasqPaths.Lists} as its own user, which its log says. When that is mended, restart it.");
        }
    }

    private bool Within(TimeSpan limit, Func<bool> isSo, CancellationToken cancellation)
    {
        for (var start = workspace.Time.GetTimestamp(); !isSo();)
        {
            if (workspace.Time.GetElapsedTime(start) > limit || cancellation.WaitHandle.WaitOne(Pause)) return false;
        }

        return true;
    }

    private static ImmutableArray<DhcpHost> Reserved(ServerPlan plan) =>
        [.. DnsmasqSyntax.List(new(DnsmasqPaths.Reservations, Whole(plan, DnsmasqPaths.Reservations) ?? "")).Select(DhcpHost.Read)];

    private static string? Whole(ServerPlan plan, string path) => plan.Files.FirstOrDefault(file => file.Path == path)?.Content is GeneratedContent.Whole whole ? whole.Text : null;

    private ServerFinding Finding(FindingLevel level, string message) => new(Part, level, message);
}
