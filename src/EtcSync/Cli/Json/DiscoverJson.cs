namespace EtcSync.Cli.Json;

/// <summary>Machines that asked for an address and are not in the inventory, from 'etcsync discover'.</summary>
internal sealed record DiscoverJson(int Version, IReadOnlyList<DiscoveredMachineJson> Machines, string? Unreadable);

/// <summary>One of them; <paramref name="CallsItself"/> is what it says, and proves nothing.</summary>
internal sealed record DiscoveredMachineJson(string Mac, DateTimeOffset? Asked, int Times, bool Booting, string? Address, string? CallsItself);
