using System.Collections.Immutable;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Dnsmasq;

public sealed class DnsmasqSyntaxTests
{
    [Theory]
    [InlineData("listen-address=10.0.0.1", "listen-address", "10.0.0.1")]
    [InlineData("  dhcp-range = 10.0.0.50 , 10.0.0.60,12h  # pool", "dhcp-range", "10.0.0.50|10.0.0.60|12h")]
    [InlineData("dhcp-option=option:dns-server,10.0.0.1,8.8.8.8", "dhcp-option", "option:dns-server|10.0.0.1|8.8.8.8")]
    [InlineData("enable-tftp", "enable-tftp", "")]
    [InlineData("conf-dir=/etc/a#b,*.conf", "conf-dir", "/etc/a#b|*.conf")]
    [InlineData("txt-record=a,\"b, # \\\"c\\\"\\t\"", "txt-record", "a|b, # \"c\"\t")]
    [InlineData("domain=\"\"", "domain", "")]
    [InlineData("dhcp-host=aa:bb:cc:dd:ee:ff,pc1\r", "dhcp-host", "aa:bb:cc:dd:ee:ff|pc1")]
    [InlineData("a = b = c", "a", "b = c")]
    public void Line_is_read_as_dnsmasq_reads_it(string text, string option, string fields)
    {
        var line = Assert.Single(Options(text));

        Assert.Equal((option, fields, (string?)null), (line.Option, string.Join('|', line.Fields), line.Problem));
    }

    [Fact]
    public void Comments_and_empty_lines_say_nothing_and_are_counted()
    {
        var line = Assert.Single(Options("# one\n\n \t\n#two\nport=0\n"));

        Assert.Equal((5, "port"), (line.Number, line.Option));
    }

    [Fact]
    public void Quote_that_is_not_closed_is_a_problem() =>
        Assert.Contains("not closed", Options("domain=\"a\nport=0")[0].Problem, StringComparison.Ordinal);

    [Fact]
    public void Backslash_at_the_end_continues_nothing() => Assert.Equal(["a", "b"], Options("a=1\\\nb=2\n").Select(line => line.Option));

    [Fact]
    public void Line_that_dnsmasq_would_break_in_two_is_a_problem() =>
        Assert.Contains("1024 bytes", Assert.Single(Options("# " + new string('x', 1030))).Problem, StringComparison.Ordinal);

    [Fact]
    public void Block_of_ours_is_passed_over_and_lines_keep_their_numbers() =>
        Assert.Equal((5, "port"), Options(MarkedBlock.Put("", "conf-file=/etc/dnsmasq.d/etcsync.conf") + "\nport=0\n").Select(line => (line.Number, line.Option)).Single());

    private static ImmutableArray<DnsmasqLine> Options(string text) => DnsmasqSyntax.Options(new("/etc/dnsmasq.conf", text));
}
