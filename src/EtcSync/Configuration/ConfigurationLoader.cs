using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using EtcSync.Controller;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.State;

namespace EtcSync.Configuration;

/// <summary>Reads the configuration files, and the policies that ship inside the program.</summary>
internal static class ConfigurationLoader
{
    private const string ShippedPrefix = "policies/";
    private const string ShippedPlace = "(shipped)/";

    /// <summary>Reads everything below /etc/etcsync; a file that is not there is like an empty one, except the settings.</summary>
    public static Loaded<ConfigurationSet> Load(Locations locations)
    {
        if (!File.Exists(locations.SettingsFile))
        {
            return Loaded.Failed<ConfigurationSet>([new(locations.SettingsFile, 0, "", "There is no such file. 'etcsync init' writes one, with comments.")]);
        }

        if (!File.Exists(locations.InventoryFile))
        {
            return Loaded.Failed<ConfigurationSet>([new(locations.InventoryFile, 0, "", "There is no such file. Restore it ('etcsync inventory log' lists what it was, and 'etcsync inventory revert' has one of those again), or have an empty one written by 'etcsync init --force'.")]);
        }

        try
        {
            var loaded = ConfigurationSet.Load(Read(locations.SettingsFile), Read(locations.InventoryFile), PolicySet.Combine(Shipped(), Site(locations)));
            return loaded.Value is { } configuration && HasSchedule(configuration) && CheckSchedules(configuration) is { IsEmpty: false } problems
                ? Loaded.Failed<ConfigurationSet>(problems)
                : loaded.Value is { } valid && Unread(locations) is { IsEmpty: false } unread
                    ? Loaded.From(valid with { Warnings = Problem.Sort(valid.Warnings.Concat(unread)) })
                    : loaded;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Loaded.Failed<ConfigurationSet>([new(locations.SettingsFile, 0, "", e.Message)]);
        }
    }

    /// <summary>The same as if the inventory were empty, for who is about to put that right.</summary>
    public static Loaded<ConfigurationSet> LoadWithoutInventory(Locations locations) =>
        ConfigurationSet.Load(Read(locations.SettingsFile), new(locations.InventoryFile, ""), PolicySet.Combine(Shipped(), Site(locations)));

    /// <summary>The policies that ship with the program; <c>policies/</c> in its source.</summary>
    public static ImmutableArray<ConfigurationFile> Shipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(ShippedPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return new ConfigurationFile($"{ShippedPlace}{name[ShippedPrefix.Length..]}", reader.ReadToEnd());
        })];
    }

    /// <summary>Whether a rule came with the program.</summary>
    public static bool IsShipped(PolicySource source) => source.File.StartsWith(ShippedPlace, StringComparison.Ordinal);

    /// <summary>The policy files of a directory.</summary>
    public static ImmutableArray<ConfigurationFile> InDirectory(string directory) => Directory.Exists(directory)
        ? [.. Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal).Select(file => new ConfigurationFile(file, File.ReadAllText(file)))]
        : [];

    // Asked first, so that commands of a cluster without schedules do not load the scheduler.
    private static bool HasSchedule(ConfigurationSet configuration) =>
        configuration.Policies.Rollouts.Concat(configuration.Inventory.Clients.Select(client => client.Rollout).OfType<RolloutPolicy>()).Any(policy => policy.Mode == RolloutMode.Schedule);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ImmutableArray<Problem> CheckSchedules(ConfigurationSet configuration) => RolloutCheck.Run(configuration);

    // A policy that somebody believes to be in force must not be ignored in silence.
    private static ImmutableArray<Problem> Unread(Locations locations) => Directory.Exists(locations.PolicyDirectory)
        ? [.. Directory.EnumerateFiles(locations.PolicyDirectory, "*.yml").Select(file => new Problem(file, 0, "", $"It is not in force: only *.yaml is read here. Call it {Path.GetFileNameWithoutExtension(file)}.yaml."))]
        : [];

    private static ImmutableArray<ConfigurationFile> Site(Locations locations) => InDirectory(locations.PolicyDirectory);

    private static ConfigurationFile Read(string file) => new(file, File.Exists(file) ? File.ReadAllText(file) : "");
}
