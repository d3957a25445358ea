using System.Text;
using EtcSync.Core.Configuration;
using EtcSync.Core.Inventories;

namespace EtcSync.Core.Tests.Inventories;

public sealed class ClientImportTests
{
    private const string Both = "pc01 02:00:00:00:00:01 192.168.9.11 lab,kiosk|pc02 02:00:00:00:00:02,02:00:00:00:00:12 192.168.9.12,2001:db8::12 ";

    [Theory]
    [InlineData("pc01,02:00:00:00:00:01,192.168.9.11,lab kiosk\npc02,02:00:00:00:00:02 02-00-00-00-00-12,192.168.9.12 2001:db8::12\n")]
    [InlineData("\uFEFFName;IP;MAC;Group\r\n# a comment\r\n\"pc01\";192.168.9.11;\"02:00:00:00:00:01\";\"lab kiosk\"\r\n\r\npc02;2001:db8::12 192.168.9.12;02:00:00:00:00:02 02:00:00:00:00:12;\r\n")]
    [InlineData("hostname\tmac\tipv4\tipv6\tgroups\npc01\t02:00:00:00:00:01\t192.168.9.11\t\tlab kiosk\npc02\t02:00:00:00:00:02 02:00:00:00:00:12\t192.168.9.12\t2001:db8::12\n")]
    public void Table_gives_the_clients(string text) => Assert.Equal(Both, Read(text));

    [Theory]
    [InlineData("# from the server\ninterface=eth0\ndhcp-host=02:00:00:00:00:01,set:lab,set:kiosk,192.168.9.11,pc01,infinite\ndhcp-host=02:0:0:0:0:2,02:00:00:00:00:12,id:*,192.168.9.12,[2001:db8::12],\"pc02\",12h # the second\n")]
    [InlineData("02:00:00:00:00:01,set:lab,set:kiosk,pc01.example.org,192.168.9.11\n02:00:00:00:00:02,02:00:00:00:00:12,192.168.9.12,[2001:db8::12],pc02\n")]
    public void Reservations_of_dnsmasq_give_the_clients(string text) => Assert.Equal(Both, Read(text));

    [Fact]
    public void Ethers_gives_cards_and_names() => Assert.Equal("pc01 02:00:00:00:00:01  |pc02 02:00:00:00:00:02  ", Read("# ethers(5)\n2:0:0:0:0:1 pc01\n02:00:00:00:00:02\tpc02 # desk\n", ImportFormat.Ethers));

    [Theory]
    [InlineData("", "f: There is no client in it, read as a table (CSV). '--format' says how it is written, if that is wrong.")]
    [InlineData("pc01,02:00:00:00:00:01\npc01,02:00:00:00:00:01\n", "f:2: The MAC address 02:00:00:00:00:01 stands on line 1 already. Each client needs its own.|f:2: The name pc01 stands on line 1 already. Each client needs its own.")]
    [InlineData("name,owner\npc01,x\n", "f:1: The column 'mac' is missing.|f:1: There is no column 'owner'. Name them name, mac, ip and groups.")]
    [InlineData("pc01,,\n,02:00:00:00:00:01\n", "f:1: It has no MAC address, and could never be told from others when it boots.|f:2: It has no name.")]
    [InlineData("pc01,02:00:00:00:00:01,10.0.0.1,g,more\n", "f:1: It has 5 fields, and there are 4 columns: name, mac, ip, groups.")]
    [InlineData("\"pc01,02:00:00:00:00:01\n", "f:1: A quote is opened and not closed on the line.")]
    [InlineData("pc01,02:00:00:00:00:01,10.0.0.1 10.0.0.2\n", "f:1: 10.0.0.1 and 10.0.0.2 are several addresses. Give a client one of IPv4, one of IPv6, or one of each.")]
    [InlineData("PC01,02:00:00:00:00:01\n", "f:1: 'PC01' has capital letters. Write it in lower case: 'pc01'.")]
    [InlineData("dhcp-host=02:00:00:00:00:*,pc01\n", "f:1: '02:00:00:00:00:*' is not the address of one network card. Write the whole address, or take it out.|f:1: It names no network card by its whole MAC address, and a client is known by that. Write one, or take the line out.")]
    [InlineData("dhcp-host=02:00:00:00:00:01,ignore\n", "f:1: It gives the machine no name. Add one.|f:1: The machine is to be ignored, so it is no client. Take the line out.")]
    [InlineData("dhcp-host=id:01:02,pc01,02:00:00:00:00:01\n", "f:1: '01:02' is a client identifier, and clients are known by their cards. Take it out.")]
    public void Everything_that_is_wrong_is_told_with_its_line(string text, string expected) =>
        Assert.Equal(expected, string.Join("|", ClientImport.Read("f", text).Problems));

    [Theory]
    [InlineData("../etc,02:00:00:00:00:01")]
    [InlineData("pc01\u0000,02:00:00:00:00:01")]
    [InlineData("pс01,02:00:00:00:00:01")]
    [InlineData("pc01\u202e,02:00:00:00:00:01")]
    [InlineData("-rf,02:00:00:00:00:01")]
    [InlineData("pc01,02:00:00:00:00:01,10.0.0.1%eth0")]
    [InlineData("pc01,02:00:00:00:00:01,10.0.0.0/8")]
    [InlineData("pc01,02:00:00:00:00:01,0.0.0.0")]
    [InlineData("pc01,02:00:00:00:00:01,,../../g")]
    [InlineData("pc01,ff:ff:ff:ff:ff:ff")]
    [InlineData("pc01,*")]
    [InlineData("\"a\"\"b\",02:00:00:00:00:01")]
    [InlineData("dhcp-host=02:00:00:00:00:01,\"a,b\\n\"")]
    [InlineData("dhcp-host=02:00:00:00:00:01,\"$(reboot)\"")]
    [InlineData("dhcp-host=02:00:00:00:00:01,pc01,10.0.0.1,10.0.0.2")]
    [InlineData("02:00:00:00:00:01 ;reboot")]
    public void Hostile_list_is_refused(string text) =>
        Assert.All(ClientImport.Read("f", Latin1(text)).Problems.DefaultIfEmpty(), problem =>
        {
            Assert.NotNull(problem);
            Assert.True(problem.ToString().All(c => !char.IsControl(c) && c != '\u202e'), problem.ToString());
        });

    [Fact]
    public void Client_that_is_there_just_so_is_passed_over_and_one_that_differs_is_told()
    {
        var inventory = Inventory.Load("i", "version: 1\nclients:\n  pc01: {mac: '02:00:00:00:00:01', ip: 10.0.0.1}\n").Value!;

        Assert.Equal(["pc02"], Missing("pc01,02:00:00:00:00:01\npc02,02:00:00:00:00:02\n").Value!.Clients.Select(one => one.Client.Name.Value));
        Assert.Contains("with other values", Assert.Single(Missing("pc01,02:00:00:00:00:09\n").Problems).Message, StringComparison.Ordinal);
        Assert.Equal(["f:1: pc02: The MAC address 02:00:00:00:00:01 is that of pc01 in the inventory. Each client needs its own.", "f:1: pc02: The address 10.0.0.1 is that of pc01 in the inventory. Each client needs its own."],
            Missing("pc02,02:00:00:00:00:01,10.0.0.1\n").Problems.Select(problem => problem.ToString()).Order(StringComparer.Ordinal));

        Loaded<ImportedClients> Missing(string text) => ClientImport.Missing("f", ClientImport.Read("f", text).Value!, inventory);
    }

    [Fact]
    public void Mutated_lists_never_throw()
    {
        var random = new Random(20240917);
        string[] sources = ["name,mac,ip\npc01,02:00:00:00:00:01,10.0.0.1\n\"pc02\",02:00:00:00:00:02,\n", "dhcp-host=02:00:00:00:00:01,set:lab,192.168.9.11,pc01,12h\n", "02:00:00:00:00:01 pc01\n"];
        string[] pieces = ["\"", ",", ";", "\t", "\n", "\r", "\0", "#", "=", "dhcp-host=", ":", "*", "[", "]", "\\", "é", " ", "%", "-", "name", "."];
        for (var round = 0; round < 3000; round++)
        {
            var text = new StringBuilder(sources[random.Next(sources.Length)]);
            for (var edits = random.Next(1, 8); edits > 0; edits--) text.Insert(random.Next(text.Length + 1), pieces[random.Next(pieces.Length)]);
            foreach (var format in Enum.GetValues<ImportFormat>())
            {
                var read = ClientImport.Read("f", text.ToString(), format);
                Assert.Equal(read.IsValid, read.Problems.IsEmpty);
            }

            _ = ClientImport.FormatOf(text.ToString());
        }
    }

    private static string Read(string text, ImportFormat? format = null)
    {
        var read = format is { } named ? ClientImport.Read("f", Latin1(text), named) : ClientImport.Read("f", Latin1(text));
        Assert.Empty(read.Problems);
        return string.Join("|", read.Value!.Clients.Select(one => $"{one.Client.Name} {string.Join(",", one.Client.Macs)} {string.Join(",", one.Client.Addresses)} {string.Join(",", one.Client.Groups)}"));
    }

    private static string Latin1(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
