using System.Collections.Immutable;
using System.Text;
using EtcSync.Configuration;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;
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
    private const int Readable = 0x1A4; // 0644

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

    /// <summary>Writes what differs, the inventory first: settings say that everything else is there. Old settings are kept beside the new ones.</summary>
    public void Write(Locations locations)
    {
        var initialization = new Initialization(locations);
        if (!initialization.HasSettings)
        {
            SecureDirectory.CreateAll(locations.PolicyDirectory, 0x1ED);
            Put(locations.InventoryFile, Inventory);
            initialization.Write(Settings);
            return;
        }

        Put(locations.InventoryFile, Inventory);
        if (File.ReadAllText(locations.SettingsFile) != Settings) initialization.Write(Settings);
    }

    private static void Put(string path, string text)
    {
        var exists = File.Exists(path);
        var target = exists ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        if (!exists || File.ReadAllText(target) != text) SecureDirectory.WriteFile(target, Encoding.UTF8.GetBytes(text), exists ? (int)File.GetUnixFileMode(target) : Readable);
    }
}
