using EtcSync.State;

namespace EtcSync.Server;

/// <summary>Where the state directory has what concerns the server's files.</summary>
internal sealed class ServerState(StateDirectory state)
{
    /// <summary>The directory of all of it.</summary>
    public string Directory => $"{state.Path}/server";

    /// <summary>What was installed last.</summary>
    public string Installed => $"{Directory}/installed.json";

    /// <summary>Files as people had edited them, before they were replaced.</summary>
    public string Replaced => $"{Directory}/replaced";

    /// <summary>Whether a command has changed the inventory, and nobody has brought the server's files up to date since: it may have been killed.</summary>
    public bool IsDue => File.Exists(Due);

    private string Due => $"{Directory}/due";

    /// <summary>Held while the server's files are changed.</summary>
    public string Lock => $"{Directory}/server.lock";

    /// <summary>Says that the inventory is about to be changed.</summary>
    public void SetDue()
    {
        StateDirectory.MakePrivate(Directory);
        File.WriteAllBytes(Due, []);
    }

    /// <summary>Says that the server's files are up to date.</summary>
    public void ClearDue() => File.Delete(Due);
}
