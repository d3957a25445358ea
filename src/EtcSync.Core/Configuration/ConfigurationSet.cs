using System.Collections.Immutable;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Configuration;

/// <summary>Settings, inventory and policies that were read together and agree with each other.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Inventory">The clients.</param>
/// <param name="Policies">The rules.</param>
/// <param name="Warnings">What a person should look at, and what refuses nothing: rules for clients or groups that do not exist.</param>
public sealed record ConfigurationSet(Settings Settings, Inventory Inventory, PolicySet Policies, ImmutableArray<Problem> Warnings)
{
    /// <summary>
    /// Reads everything, or lists every problem in any of the files, sorted by file and line. Never throws.
    /// </summary>
    /// <param name="settingsFile">The settings.</param>
    /// <param name="inventoryFile">The inventory.</param>
    /// <param name="policyFiles">The policy files that are in force (see <see cref="PolicySet.Combine"/>).</param>
    public static Loaded<ConfigurationSet> Load(ConfigurationFile settingsFile, ConfigurationFile inventoryFile, IEnumerable<ConfigurationFile> policyFiles)
    {
        var settings = Settings.Load(settingsFile.Name, settingsFile.Text);
        var inventory = Inventory.Load(inventoryFile.Name, inventoryFile.Text);
        var policies = PolicySet.Load(policyFiles);
        IEnumerable<Problem> problems = [.. settings.Problems, .. inventory.Problems, .. policies.Problems];
        if (settings.Value is { } s && inventory.Value is { } i) problems = problems.Concat(Disagreements(s, i)).Concat(AddressAgreement.OfSettings(settingsFile.Name, s)).Concat(AddressAgreement.OfClients(s, i));
        var all = Problem.Sort(problems);
        return all.IsEmpty
            ? Loaded.From(new ConfigurationSet(settings.Value!, inventory.Value!, policies.Value!, policies.Value!.UnknownNames(inventory.Value!)))
            : Loaded.Failed<ConfigurationSet>(all);
    }

    private static IEnumerable<Problem> Disagreements(Settings settings, Inventory inventory)
    {
        (string What, string Path)[] taken = [("shared root", settings.Root), ("state directory", settings.State), ("upstream repository", settings.Upstream.Directory)];
        foreach (var client in inventory.Clients)
        {
            var line = inventory.LineOf(client.Name);
            var clone = settings.Clones.PathOf(client.Name);
            foreach (var (what, path) in taken)
            {
                if (SystemPath.IsWithin(path, clone) || SystemPath.IsWithin(clone, path))
                    yield return new(inventory.File, line, $"clients.{client.Name}", $"The clone of this client would be '{clone}', which meets the {what} '{path}'. Rename the client, or change 'clones' in the settings.");
            }
        }
    }
}
