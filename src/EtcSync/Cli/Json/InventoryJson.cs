namespace EtcSync.Cli.Json;

/// <summary>The changes of the inventory, from 'etcsync inventory log', newest first.</summary>
internal sealed record InventoryLogJson(int Version, IReadOnlyList<InventoryRevisionJson> Revisions);

/// <summary>A change of the inventory.</summary>
internal sealed record InventoryRevisionJson(string Id, string By, string When, string What, IReadOnlyList<string> Changes);
