using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Presence;
using EtcSync.Dnsmasq;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Presence;

/// <summary>Reads what tells whether clients are up: dnsmasq's leases, the NFS server's tables, and who answers a ping.</summary>
internal sealed class PresenceReader(Workspace workspace)
{
    // Clients choose what they are called in these files, but not how many there are of them.
    private const int LargestFile = 32 << 20;
    private static readonly TimeSpan PingLimit = TimeSpan.FromMilliseconds(700);

    /// <summary>What the tables say now; what is not there says nothing.</summary>
    public NetworkTables Tables() => new(
        LeaseFiles.Read(workspace.Locations),
        [.. ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).SelectMany(file => NetworkTables.ConnectedToNfs(Text(file)))],
        [.. NfsClientFiles().Select(file => NetworkTables.NfsClient(Text(file))).OfType<IPAddress>()],
        workspace.Time.GetUtcNow());

    /// <summary>Whether one client is up; asked of it, too, where the tables say nothing.</summary>
    public ClientPresence Of(Client client)
    {
        var presence = ClientPresence.Of(client, new FormerStore(workspace.State).Find(client.Name), Tables());
        return presence.IsUp || presence.Addresses.FirstOrDefault(Answers) is not { } answering ? presence : presence.Answered(answering);
    }

    /// <summary>Whether a machine at an address answers a ping. In a sandbox nobody is asked.</summary>
    public bool Answers(IPAddress address)
    {
        if (workspace.Locations.IsSandbox) return false;
        try
        {
            using var ping = new Ping();
            return ping.Send(address, (int)PingLimit.TotalMilliseconds).Status == IPStatus.Success;
        }
        catch (Exception e) when (e is PingException or PlatformNotSupportedException)
        {
            // No route to there, or no right to ask: nobody answers.
            return false;
        }
    }

    private ImmutableArray<string> NfsClientFiles()
    {
        const string Clients = "/proc/fs/nfsd/clients";
        var directory = workspace.Locations.Map(Clients);
        try
        {
            return Directory.Exists(directory) ? [.. Directory.EnumerateDirectories(directory).Select(client => $"{Clients}/{Path.GetFileName(client)}/info")] : [];
        }
        catch (IOException)
        {
            // Clients come and go while they are listed.
            return [];
        }
    }

    private string Text(string file)
    {
        try
        {
            using var stream = new FileStream(workspace.Locations.Map(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[64 << 10];
            using var read = new MemoryStream();
            while (read.Length < LargestFile && stream.Read(buffer) is var count and > 0) read.Write(buffer, 0, count);
            return Encoding.Latin1.GetString(read.GetBuffer(), 0, (int)read.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
