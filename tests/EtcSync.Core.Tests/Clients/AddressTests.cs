using EtcSync.Core.Clients;
using FsCheck;
using FsCheck.Fluent;

namespace EtcSync.Core.Tests.Clients;

public sealed class AddressTests
{
    [Theory]
    [InlineData("52:54:00:12:34:56")]
    [InlineData("52-54-00-AB-cd-EF")]
    [InlineData("AA:BB:CC:DD:EE:FF")]
    [InlineData("00:00:00:00:00:01")]
    public void Mac_of_one_card_is_written_in_lower_case_with_colons(string text) =>
        Assert.Equal(text.ToLowerInvariant().Replace('-', ':'), MacAddress.Parse(text).ToString());

    [Fact]
    public void Mac_reads_what_it_writes()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(octets =>
        {
            if (octets.Length < 6) return true;
            octets[0] &= 0xFE;
            octets[5] |= 1;
            var text = string.Join(':', octets.Take(6).Select(o => o.ToString("x2")));
            return MacAddress.TryParse(text, out var mac, out _) && mac.ToString() == text;
        }));
    }

    [Theory]
    [InlineData("52:54:00:12:34:56\n")]
    [InlineData(" 52:54:00:12:34:56")]
    [InlineData("52:54:00:12:34:56,52:54:00:12:34:57")]
    [InlineData("525400123456")]
    [InlineData("52:54:0:012:34:56")]
    [InlineData("5254:00:12:34:56")]
    [InlineData("::::::525400123456")]
    [InlineData("03:00:00:00:00:01")]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("00:00:00:00:00:00")]
    [InlineData("")]
    [InlineData(null)]
    public void Mac_of_another_shape_or_of_no_card_is_refused(string? text)
    {
        Assert.False(MacAddress.TryParse(text, out _, out var reason));
        Assert.NotEqual("", reason);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("169.254.1.1", "169.254.1.1")]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1")]
    [InlineData("fd00::1", "fd00::1")]
    public void Address_of_a_machine_is_taken(string text, string expected)
    {
        Assert.True(HostAddress.TryParse(text, out var address, out _));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("10.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.1\n")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.1:80")]
    [InlineData("0.1.2.3")]
    [InlineData("127.9.9.9")]
    [InlineData("239.1.1.1")]
    [InlineData("250.0.0.1")]
    [InlineData("ff05::2")]
    [InlineData("fe80::1")]
    [InlineData("::")]
    [InlineData("localhost")]
    [InlineData(null)]
    public void Address_of_no_machine_is_refused(string? text)
    {
        Assert.False(HostAddress.TryParse(text, out var address, out var reason));
        Assert.Null(address);
        Assert.EndsWith(".", reason, StringComparison.Ordinal);
    }
}
