using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using EtcSync.Core.Doctor;

namespace EtcSync.Doctor;

/// <summary>Asks machines whether they are there: by a ping, and on the ssh port.</summary>
internal static class ClientProber
{
    private const int SshPort = 22;
    private const int AtOnce = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What each of these groups of addresses answers; the best answer of each counts.</summary>
    public static async Task<ImmutableArray<ClientProbe>> AskAsync(IReadOnlyList<ImmutableArray<IPAddress>> machines, CancellationToken cancellation)
    {
        using var gate = new SemaphoreSlim(AtOnce);
        return [.. await Task.WhenAll(machines.Select(async addresses =>
        {
            await gate.WaitAsync(cancellation);
            try
            {
                return await AskAsync(addresses, cancellation);
            }
            finally
            {
                gate.Release();
            }
        }))];
    }

    private static async Task<ClientProbe> AskAsync(ImmutableArray<IPAddress> addresses, CancellationToken cancellation)
    {
        var probe = ClientProbe.None;
        foreach (var address in addresses)
        {
            var (ping, ssh) = (PingAsync(address, cancellation), ConnectAsync(address, cancellation));
            probe = new(Better(probe.Ping, await ping), Better(probe.Ssh, await ssh));
            if (probe.Ssh == ProbeResult.Answered) break;
        }

        return probe;
    }

    private static async Task<ProbeResult> PingAsync(IPAddress address, CancellationToken cancellation)
    {
        try
        {
            using var ping = new Ping();
            return (await ping.SendPingAsync(address, Patience, cancellationToken: cancellation)).Status == IPStatus.Success ? ProbeResult.Answered : ProbeResult.Silent;
        }
        catch (Exception e) when (e is PingException or SocketException or PlatformNotSupportedException)
        {
            // No route to there.
            return ProbeResult.Silent;
        }
    }

    private static async Task<ProbeResult> ConnectAsync(IPAddress address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(address, SshPort), limit.Token);
            return ProbeResult.Answered;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused ? ProbeResult.Closed : ProbeResult.Silent;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ProbeResult.Silent;
        }
    }

    private static ProbeResult Better(ProbeResult one, ProbeResult other) => Rank(one) >= Rank(other) ? one : other;

    private static int Rank(ProbeResult result) => result switch
    {
        ProbeResult.Answered => 3,
        ProbeResult.Closed => 2,
        ProbeResult.Silent => 1,
        _ => 0,
    };
}
