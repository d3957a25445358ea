using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EtcSync.Doctor;

/// <summary>What came of asking for a file by TFTP.</summary>
internal abstract record TftpOutcome
{
    private TftpOutcome()
    {
    }

    /// <summary>It is served.</summary>
    /// <param name="Size">Its length, where the server tells it.</param>
    /// <param name="Start">Its beginning, up to the bound.</param>
    public sealed record Served(long? Size, byte[] Start) : TftpOutcome;

    /// <summary>The server refused it.</summary>
    /// <param name="Reason">What it said.</param>
    public sealed record Refused(string Reason) : TftpOutcome;

    /// <summary>No server answered.</summary>
    public sealed record Silent : TftpOutcome;
}

/// <summary>
/// Reads the beginning of files by TFTP, as boot loaders read them: RFC 1350 with the options of RFC 2347 (negotiation), 2348 (size of
/// blocks) and 2349 (size of the file). After as much as is wanted it breaks the transfer off.
/// </summary>
/// <param name="server">Where it listens; usually port 69.</param>
internal sealed class TftpClient(IPEndPoint server)
{
    private const ushort ReadRequest = 1;
    private const ushort Data = 3;
    private const ushort Acknowledgement = 4;
    private const ushort Error = 5;
    private const ushort OptionAcknowledgement = 6;
    private const int Plain = 512;
    private const int Large = 1408;
    private const int Tries = 3;
    private const int Patience = 700; // milliseconds for each answer

    /// <summary>Reads the beginning of a file.</summary>
    /// <param name="file">Its name, below the server's directory.</param>
    /// <param name="most">How many bytes are wanted.</param>
    public TftpOutcome Read(string file, int most)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };
        socket.Bind(new IPEndPoint(server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        var (packet, target) = (Request(file), (EndPoint)server);
        var (block, size, sizeOfFile) = ((ushort)0, Plain, (long?)null);
        using var content = new MemoryStream();
        var buffer = new byte[Large + 4];
        for (var tries = 0; tries < Tries;)
        {
            if (Exchange(socket, packet, ref target, buffer) is not { } answer)
            {
                tries++;
                continue;
            }

            switch (BinaryPrimitives.ReadUInt16BigEndian(answer))
            {
                case Error:
                    return new TftpOutcome.Refused(Text(answer.AsSpan(4)));
                case OptionAcknowledgement when block == 0 && content.Length == 0:
                    (size, sizeOfFile) = Options(answer.AsSpan(2));
                    packet = Short(Acknowledgement, 0);
                    tries = 0;
                    break;
                case Data when BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2)) == (ushort)(block + 1):
                    content.Write(answer.AsSpan(4));
                    block++;
                    tries = 0;
                    if (answer.Length - 4 < size || content.Length >= most)
                    {
                        var isWhole = answer.Length - 4 < size;
                        socket.SendTo(isWhole ? Short(Acknowledgement, block) : [.. Short(Error, 0), .. "enough\0"u8], target);
                        return new TftpOutcome.Served(sizeOfFile ?? (isWhole ? content.Length : null), content.ToArray()[..(int)Math.Min(most, content.Length)]);
                    }

                    packet = Short(Acknowledgement, block);
                    break;
                default:
                    // An old block that came twice: our answer to it may have been lost.
                    tries++;
                    break;
            }
        }

        return new TftpOutcome.Silent();
    }

    // The server answers from a port of its own choice, which is the one for the rest (RFC 1350, 4).
    private Span<byte> ReceiveFrom(Socket socket, ref EndPoint target, byte[] buffer)
    {
        EndPoint from = new IPEndPoint(server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var length = socket.ReceiveFrom(buffer, ref from);
        var isServer = from is IPEndPoint end && end.Address.Equals(server.Address) && (ReferenceEquals(target, server) || from.Equals(target));
        if (!isServer || length < 4) return [];
        target = from;
        return buffer.AsSpan(0, length);
    }

    private Span<byte> Exchange(Socket socket, byte[] packet, ref EndPoint target, byte[] buffer, out bool isAnswered)
    {
        try
        {
            socket.SendTo(packet, target);
            var answer = ReceiveFrom(socket, ref target, buffer);
            isAnswered = !answer.IsEmpty;
            return answer;
        }
        catch (SocketException)
        {
            // No answer in time, nobody at the port, or no way to there.
            isAnswered = false;
            return [];
        }
    }

    private byte[]? Exchange(Socket socket, byte[] packet, ref EndPoint target, byte[] buffer)
    {
        var answer = Exchange(socket, packet, ref target, buffer, out var isAnswered);
        return isAnswered ? answer.ToArray() : null;
    }

    private static byte[] Request(string file) =>
        [.. Short(ReadRequest), .. Encoding.UTF8.GetBytes(file), 0, .. "octet\0blksize\0"u8, .. Encoding.ASCII.GetBytes(Large.ToString(CultureInfo.InvariantCulture)), 0, .. "tsize\00\0"u8];

    private static (int Block, long? Size) Options(ReadOnlySpan<byte> text)
    {
        var words = Encoding.ASCII.GetString(text).Split('\0');
        var (block, size) = (Plain, (long?)null);
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            if (!long.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) continue;
            if (words[i].Equals("blksize", StringComparison.OrdinalIgnoreCase) && value is > 0 and <= Large) block = (int)value;
            if (words[i].Equals("tsize", StringComparison.OrdinalIgnoreCase)) size = value;
        }

        return (block, size);
    }

    private static byte[] Short(params ReadOnlySpan<ushort> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), values[i]);
        return bytes;
    }

    private static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.IndexOf((byte)0) is var end and >= 0 ? text[..end] : text);
}
