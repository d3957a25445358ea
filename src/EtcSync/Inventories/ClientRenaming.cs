using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.Server;

namespace EtcSync.Inventories;

/// <summary>Renames a client: everything that has its name, and the inventory last, which makes it so.</summary>
internal sealed class ClientRenaming(Workspace workspace)
{
    private readonly ClientRename _rename = new(workspace);

    /// <summary>The file that was changed, for what it has to say.</summary>
    public InventoryFile File { get; } = new(workspace);

    /// <summary>Renames a client, or finishes renaming it.</summary>
    /// <returns>The configuration with the new name.</returns>
    /// <exception cref="IOException">Something is in the way, or somebody works on the client.</exception>
    public Loaded<ConfigurationSet> Run(Signature author, ClientName from, ClientName to, CancellationToken cancellation)
    {
        // Nobody renders the server's files between the clone's move and the inventory's.
        using var held = ServerLock.Take(workspace, "etcsync client rename", cancellation);
        var edited = File.Edit(author, $"client rename {from} {to}", (name, text) => Rename(name, text, from, to), configuration => Move(configuration, author, from, to, cancellation), cancellation);
        if (edited.IsValid) RenameRecord.Remove(workspace.State);
        return edited;
    }

    /// <summary>Finishes a rename that was interrupted, unless somebody is at it.</summary>
    /// <returns>The configuration with the new name; null where nothing was finished.</returns>
    public ConfigurationSet? FinishInterrupted(CancellationToken cancellation) => RenameRecord.Read(workspace.State) is { } begun && !InventoryFile.IsBeingEdited(workspace)
        ? Run(Signature.OfEtcSync(workspace.Time.GetLocalNow()), begun.From, begun.To, cancellation).Value
        : null;

    // One that was killed behind the inventory has nothing left to write there.
    private Loaded<string> Rename(string name, string text, ClientName from, ClientName to) =>
        RenameRecord.Read(workspace.State) == new RenameRecord(from, to) && Inventory.Load(name, text).Value is { } inventory && inventory.Find(to) is not null && inventory.Find(from) is null
            ? Loaded.From(text)
            : InventoryEditor.Rename(name, text, from, to);

    private void Move(ConfigurationSet configuration, Signature author, ClientName from, ClientName to, CancellationToken cancellation)
    {
        if (_rename.Obstacle(from, to) is { } obstacle) throw new IOException(obstacle);
        var now = configuration.Inventory.Find(to)!;
        _rename.Move(now with { Name = from }, now, author, cancellation);
    }
}
