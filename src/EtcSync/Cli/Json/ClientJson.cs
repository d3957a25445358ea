namespace EtcSync.Cli.Json;

/// <summary>The clients of the inventory, from 'etcsync client list'.</summary>
internal sealed record ClientListJson(int Version, IReadOnlyList<ClientJson> Clients);

/// <summary>One client, from 'etcsync client show'.</summary>
internal sealed record ClientShowJson(int Version, ClientJson Client);

/// <summary>A client.</summary>
internal sealed record ClientJson(
    string Name, IReadOnlyList<string> Macs, string? Ip, IReadOnlyList<string> Groups, RolloutJson Rollout, IdentityJson Identity, string WorkTree, string GitDirectory, bool HasClone, string? Hold,
    IReadOnlyList<string> Ips, IReadOnlyList<string> FormerNames, IReadOnlyList<string> FormerIps);

/// <summary>When a client takes what upstream commits, and which rule says so.</summary>
internal sealed record RolloutJson(string Mode, string? Cron, string? TimeZone, string? Rule);

/// <summary>How a client gets its identity.</summary>
internal sealed record IdentityJson(string MachineId, string SshHostKeys, string Hostname);
