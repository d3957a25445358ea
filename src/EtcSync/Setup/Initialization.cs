using System.Text;
using EtcSync.Core.Configuration;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Setup;

/// <summary>What became of a file that 'init' writes.</summary>
/// <param name="Path">The file.</param>
/// <param name="Outcome">What became of it, in a few words.</param>
internal sealed record WrittenFile(string Path, string Outcome);

/// <summary>Writes the configuration files of a new server. Nothing that people have written is lost.</summary>
internal sealed class Initialization(Locations locations)
{
    private const int Readable = 0x1A4; // 0644
    private const int ReadableDirectory = 0x1ED; // 0755

    /// <summary>The settings that would be kept aside by a forced run.</summary>
    public string Backup => locations.SettingsFile + ".old";

    /// <summary>Whether settings are there.</summary>
    public bool HasSettings => File.Exists(locations.SettingsFile);

    /// <summary>Writes settings, and an inventory and an example of a policy where there are none; old settings are kept beside the new ones.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<WrittenFile> Write(string settings)
    {
        SecureDirectory.CreateAll(locations.PolicyDirectory, ReadableDirectory);
        var written = new List<WrittenFile>();
        var replaced = HasSettings;
        if (replaced) File.Copy(locations.SettingsFile, Backup, overwrite: true);
        // Last: where settings are, everything else is too.
        var policies = Directory.EnumerateFiles(locations.PolicyDirectory, "*.yaml").Any()
            ? new WrittenFile(locations.PolicyDirectory, "has policies already; left as it is")
            : Write(Path.Combine(locations.PolicyDirectory, SitePolicyTemplate.FileName), SitePolicyTemplate.Text);
        var inventory = File.Exists(locations.InventoryFile) ? new WrittenFile(locations.InventoryFile, "exists; left as it is") : Write(locations.InventoryFile, InventoryTemplate.Render());
        written.Add(Write(locations.SettingsFile, settings) with { Outcome = replaced ? $"written anew; the old one is {Path.GetFileName(Backup)}" : "written" });
        written.Add(inventory);
        written.Add(policies);
        return written;
    }

    private static WrittenFile Write(string path, string text)
    {
        SecureDirectory.WriteFile(path, Encoding.UTF8.GetBytes(text), Readable);
        return new(path, "written");
    }
}
