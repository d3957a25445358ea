using System.Text;
using EtcSync.Core.Clients;
using EtcSync.FileSystem;

namespace EtcSync.State;

/// <summary>The layout of /var/lib/etcsync. Everything below is root's alone (0700).</summary>
internal sealed class StateDirectory(string path)
{
    /// <summary>The format that this program reads and writes.</summary>
    public const string Format = "1";

    private const int Private = 0x180; // 0600

    /// <summary>The directory itself.</summary>
    public string Path { get; } = path;

    /// <summary>The repository that borrows nothing and lends to all clones.</summary>
    public string Hub => $"{Path}/hub.git";

    /// <summary>Where the clients' git directories are.</summary>
    public string Clients => $"{Path}/clients";

    /// <summary>Held while a controller runs.</summary>
    public string ControllerLock => $"{Path}/controller.lock";

    /// <summary>Held while the hub is written.</summary>
    public string HubLock => $"{Path}/hub.lock";

    /// <summary>Work trees of layers that are being edited.</summary>
    public string Layers => $"{Path}/layers";

    /// <summary>The repository of what people settled.</summary>
    public string Resolutions => $"{Path}/resolutions.git";

    /// <summary>Held while that repository is written.</summary>
    public string ResolutionsLock => $"{Path}/resolutions.lock";

    /// <summary>Texts that people edit to settle disputes, while they do.</summary>
    public string Edits => $"{Path}/edits";

    /// <summary>What clients were before they were renamed or given other addresses.</summary>
    public string Formers => $"{Path}/former";

    /// <summary>The rename that is under way; absent if none is.</summary>
    public string Rename => $"{Path}/rename.json";

    /// <summary>The repository of all that the inventory ever was.</summary>
    public string InventoryHistory => $"{Path}/inventory.git";

    /// <summary>Held while the inventory is edited.</summary>
    public string InventoryLock => $"{Path}/inventory.lock";

    /// <summary>Held while the whole fleet is.</summary>
    public string FleetHold => $"{Path}/holds/_all.json";

    private string FormatFile => $"{Path}/format";

    /// <summary>A client's git directory.</summary>
    public string GitDirectory(ClientName client) => $"{Clients}/{client}.git";

    /// <summary>Held while a client is looked at or changed.</summary>
    public string ClientLock(ClientName client) => $"{Clients}/{client}.lock";

    /// <summary>A client's identity: what makes it itself when its clone is made again.</summary>
    public string Identity(ClientName client) => $"{Path}/identities/{client}";

    /// <summary>Why a client is held; absent if it is not.</summary>
    public string Hold(ClientName client) => $"{Path}/holds/{client}.json";

    /// <summary>What a client was; absent if it always was what it is.</summary>
    public string Former(ClientName client) => $"{Formers}/{client}.json";

    /// <summary>Makes the directory, or checks that this program understands the one that is there.</summary>
    /// <exception cref="IOException">It was made by a newer program.</exception>
    public void Prepare()
    {
        foreach (var directory in (string[])[Path, Clients, $"{Path}/holds", $"{Path}/identities", Layers]) MakePrivate(directory);
        // Whole before it has its name: two programs may begin at the same moment, and no lock exists yet. An empty one is what
        // a power failure may leave of one that was not written through.
        if (FoundFormat().Length == 0) SecureDirectory.WriteFile(FormatFile, Encoding.ASCII.GetBytes(Format + "\n"), Private);
        Check();
    }

    /// <summary>Checks that this program understands the directory that is there, if there is one; writes nothing.</summary>
    /// <exception cref="IOException">It was made by a newer program.</exception>
    public void Check()
    {
        if (FoundFormat() is { Length: > 0 } found && found != Format)
        {
            throw new IOException($"{Path} has format {found}, and this program knows format {Format}. Use the program that wrote it, or a newer one.");
        }
    }

    private string FoundFormat() => System.IO.Path.Exists(FormatFile) ? File.ReadAllText(FormatFile).Trim() : "";

    /// <summary>Makes a directory that only its owner can enter.</summary>
    public static void MakePrivate(string directory) =>
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
