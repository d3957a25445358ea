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

    /// <summary>Held while the server's files are changed.</summary>
    public string Lock => $"{Directory}/server.lock";
}
