using System.Text;
using EtcSync.Configuration;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;
using EtcSync.Fleet;

namespace EtcSync.Setup;

/// <summary>Changes the inventory's text, whole or not at all, one change at a time.</summary>
internal sealed class InventoryFile(Workspace workspace)
{
    private const int Readable = 0x1A4; // 0644
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(10);

    private string File => workspace.Locations.InventoryFile;

    /// <summary>Edits the file; nothing is written where the edit, or the configuration with it, has a problem.</summary>
    /// <param name="edit">Takes the name of the file for messages and its text, and gives the new text.</param>
    /// <param name="cancellation">Ends waiting for another process that edits it.</param>
    /// <returns>The configuration with the new inventory.</returns>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public Loaded<ConfigurationSet> Edit(Func<string, string, Loaded<string>> edit, CancellationToken cancellation)
    {
        workspace.State.Prepare();
        var outcome = LockFile.AcquireAsync($"{workspace.State.Path}/inventory.lock", "etcsync client", LockWait, workspace.Time, cancellation).GetAwaiter().GetResult();
        if (outcome is not LockOutcome.Acquired { Lock: var held }) throw new IOException($"{File} is being edited ({((LockOutcome.Held)outcome).Holder}). Try again when that process is done.");
        using (held)
        {
            // People may keep the file elsewhere, in a repository of their own, and a link to it here.
            var target = System.IO.File.ResolveLinkTarget(File, returnFinalTarget: true)?.FullName ?? File;
            var exists = System.IO.File.Exists(target);
            var edited = edit(File, exists ? System.IO.File.ReadAllText(target) : "");
            if (edited.Value is not { } text) return Loaded.Failed<ConfigurationSet>(edited.Problems);
            var checkedSet = Check(text);
            if (checkedSet.IsValid) SecureDirectory.WriteFile(target, Encoding.UTF8.GetBytes(text), exists ? (int)System.IO.File.GetUnixFileMode(target) : Readable);
            return checkedSet;
        }
    }

    private Loaded<ConfigurationSet> Check(string inventory)
    {
        var locations = workspace.Locations;
        return ConfigurationSet.Load(
            new(locations.SettingsFile, System.IO.File.ReadAllText(locations.SettingsFile)),
            new(File, inventory),
            PolicySet.Combine(ConfigurationLoader.Shipped(), ConfigurationLoader.InDirectory(locations.PolicyDirectory)));
    }
}
