using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace EtcSync.Core.Dnsmasq;

/// <summary>Messages of DNS (RFC 1035, 4), as far as a name server is asked for one name.</summary>
public static class DnsMessage
{
    /// <summary>The type of records with an IPv4 address.</summary>
    public const ushort Address = 1;

    /// <summary>The type of records with text.</summary>
    public const ushort Text = 16;

    private const int HeaderLength = 12;

    /// <summary>Asks for the records of a name.</summary>
    public static byte[] Query(ushort id, string name, ushort type)
    {
        var message = new List<byte>(new byte[HeaderLength]);
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, id);
        bytes[2] = 1;
        bytes[5] = 1;
        return bytes;
    }

    /// <summary>The records of this type in an answer: addresses, or texts; null where the message is no answer to this question. Never throws.</summary>
    public static ImmutableArray<string>? Answers(ReadOnlySpan<byte> message, ushort id, ushort type)
    {
        if (message.Length < HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(message) != id || (message[2] & 0x80) == 0) return null;
        var answers = ImmutableArray.CreateBuilder<string>();
        var at = HeaderLength;
        for (var question = BinaryPrimitives.ReadUInt16BigEndian(message[4..]); question > 0; question--) at = AfterName(message, at) + 4;
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); left > 0; left--)
        {
            at = AfterName(message, at);
            if (at + 10 > message.Length) break;
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            if (at + 10 + length > message.Length) break;
            var data = message.Slice(at + 10, length);
            if (BinaryPrimitives.ReadUInt16BigEndian(message[at..]) == type)
            {
                if (type == Address && length == 4) answers.Add(new IPAddress(data).ToString());
                else if (type == Text && length > 0 && data[0] < length) answers.Add(Encoding.Latin1.GetString(data.Slice(1, data[0])));
            }

            at += 10 + length;
        }

        return answers.ToImmutable();
    }

    private static int AfterName(ReadOnlySpan<byte> message, int at)
    {
        while (at < message.Length && message[at] != 0)
        {
            // The rest of the name stands elsewhere.
            if (message[at] >= 0xC0) return at + 2;
            at += 1 + message[at];
        }

        return at + 1;
    }
}
