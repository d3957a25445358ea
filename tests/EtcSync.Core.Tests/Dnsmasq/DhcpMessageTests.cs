using System.Buffers.Binary;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Core.Tests.Dnsmasq;

public sealed class DhcpMessageTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:01");

    [Fact]
    public void Offer_says_who_offers() => Assert.Equal(IPAddress.Parse("10.0.0.2"), DhcpMessage.Offerer(Offer(2), Mac, 7));

    [Theory]
    [InlineData(5, 7u, "02:00:00:00:00:01")]
    [InlineData(2, 8u, "02:00:00:00:00:01")]
    [InlineData(2, 7u, "02:00:00:00:00:02")]
    public void What_is_no_offer_to_us_says_nothing(byte type, uint transaction, string mac) => Assert.Null(DhcpMessage.Offerer(Offer(type), MacAddress.Parse(mac), transaction));

    [Fact]
    public void Release_names_card_address_and_server()
    {
        var message = DhcpMessage.Release(Mac, 7, IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.2"));

        Assert.Equal([10, 0, 0, 9], message[12..16]);
        Assert.Equal([2, 0, 0, 0, 0, 1], message[28..34]);
        Assert.Equal([53, 1, 7, 54, 4, 10, 0, 0, 2, 255], message[240..250]);
    }

    [Fact]
    public void Answer_gives_texts_and_addresses()
    {
        var query = DnsMessage.Query(9, "a.invalid", DnsMessage.Text);
        byte[] answer = [.. query, 0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 3, 2, (byte)'h', (byte)'i', 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1];
        answer[2] |= 0x80;
        answer[7] = 2;

        Assert.Equal("hi", Assert.Single(DnsMessage.Answers(answer, 9, DnsMessage.Text)!.Value));
        Assert.Equal("192.0.2.1", Assert.Single(DnsMessage.Answers(answer, 9, DnsMessage.Address)!.Value));
        Assert.Null(DnsMessage.Answers(answer, 10, DnsMessage.Text));
    }

    [Fact]
    public void Whatever_comes_is_read_and_never_throws()
    {
        var random = new Random(11);
        var offer = Offer(2);
        for (var round = 0; round < 20000; round++)
        {
            var message = offer[..random.Next(offer.Length)];
            for (var change = random.Next(4); change > 0 && message.Length > 0; change--) message[random.Next(message.Length)] = (byte)random.Next(256);
            var garbage = new byte[random.Next(80)];
            random.NextBytes(garbage);
            if (garbage.Length > 7) (garbage[0], garbage[1], garbage[2], garbage[4], garbage[6]) = (0, 9, 0x80, 0, 0);

            _ = DhcpMessage.Offerer(message, Mac, 7);
            _ = DnsMessage.Answers(garbage, 9, DnsMessage.Text);
        }
    }

    private static byte[] Offer(byte type)
    {
        var message = DhcpMessage.Discover(Mac, 7);
        message[0] = 2;
        byte[] options = [0, 53, 1, type, 54, 4, 10, 0, 0, 2, 255];
        options.CopyTo(message, 240);
        Assert.Equal(0x63825363u, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(236)));
        return message;
    }
}
