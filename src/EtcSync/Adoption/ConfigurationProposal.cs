using System.Collections.Immutable;
using EtcSync.Configuration;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Core.Policies;
using EtcSync.Fleet;
using EtcSync.Inventories;
using EtcSync.Setup;
using EtcSync.State;
using EtcSync.Upstream;

namespace EtcSync.Adoption;

/// <summary>Settings and inventory as they are after adopting.</summary>
/// <param name="Settings">The text of the settings.</param>
/// <param name="Inventory">The text of the inventory.</param>
/// <param name="Configuration">What they say.</param>
/// <param name="Added">The clients that are new in the inventory.</param>
/// <param name="Chosen">The values that are new in the settings.</param>
/// <param name="Kept">The values that the settings set already, and that stay.</param>
internal sealed record ConfigurationProposal(
    string Settings, string Inventory, ConfigurationSet Configuration, ImmutableArray<Client> Added, ImmutableArray<SettingChoice> Chosen, ImmutableArray<SettingChoice> Kept)
{
    /// <summary>Puts what was understood beside what is configured already, which stays.</summary>
    /// <param name="locations">Where everything is.</param>
    /// <param name="understood">What was understood.</param>
    /// <param name="isWanted">Whether a client is to be in the inventory.</param>
    /// <returns>The proposal, or what is wrong with it.</returns>
    public static Loaded<ConfigurationProposal> Make(Locations locations, UnderstoodServer understood, Func<ClientName, bool> isWanted)
    {
        var directory = $"{understood.Root}/etc";
        var (file, inventoryFile) = (locations.SettingsFile, locations.InventoryFile);
        var before = File.Exists(file) ? File.ReadAllText(file) : SettingsTemplate.Render(new(directory, null, null, null, null));
        var place = EtcSync.Core.Configuration.Settings.Load(file, before).Value?.Upstream.Directory ?? directory;
        var branch = UpstreamReader.CurrentBranch(locations.Map(place));
        IEnumerable<SettingChoice> choices = branch is null ? understood.Settings : understood.Settings.Prepend(new("upstream", "branch", $"'{branch.Replace("'", "''", StringComparison.Ordinal)}'", $"{place}/.git", 0));
        var settings = SettingsText.With(before, choices, out var kept);
        // What the file said before is no news.
        var chosen = choices.Except(kept).Where(choice => SettingsText.With(before, [choice], out _) != before);
        var inventory = File.Exists(inventoryFile) ? File.ReadAllText(inventoryFile) : InventoryTemplate.Render();
        var added = ImmutableArray.CreateBuilder<Client>();
        foreach (var client in understood.Clients.Select(client => client.Client).Where(client => isWanted(client.Name)))
        {
            if (Core.Configuration.Inventory.Load(inventoryFile, inventory).Value?.Find(client.Name) is not null) continue;
            var edited = InventoryEditor.Add(inventoryFile, inventory, client);
            if (edited.Value is not { } text) return Loaded.Failed<ConfigurationProposal>(edited.Problems);
            inventory = text;
            added.Add(client);
        }

        var loaded = ConfigurationSet.Load(new(file, settings), new(inventoryFile, inventory), PolicySet.Combine(ConfigurationLoader.Shipped(), ConfigurationLoader.InDirectory(locations.PolicyDirectory)));
        return loaded.Value is { } configuration
            ? Loaded.From(new ConfigurationProposal(settings, inventory, configuration, added.ToImmutable(), [.. chosen], kept))
            : Loaded.Failed<ConfigurationProposal>(loaded.Problems);
    }

    /// <summary>Writes what differs. Old settings are kept beside the new ones, and the old inventory in its history.</summary>
    /// <param name="workspace">Where everything is.</param>
    /// <param name="author">Who adopts.</param>
    /// <param name="cancellation">Ends waiting for another process that edits the inventory.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(Workspace workspace, Signature author, CancellationToken cancellation)
    {
        var initialization = new Initialization(workspace.Locations);
        if (!initialization.HasSettings || File.ReadAllText(workspace.Locations.SettingsFile) != Settings) initialization.Write(Settings);
        if (Added.IsEmpty) return;
        var edited = new InventoryFile(workspace).Edit(author, "adopt", (_, _) => Loaded.From(Inventory), cancellation);
        if (!edited.IsValid) throw new IOException($"The inventory cannot be written: {string.Join(' ', edited.Problems)}");
    }
}
