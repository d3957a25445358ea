using EtcSync.Dnsmasq;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Dnsmasq;

public sealed class DnsmasqSourcesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-test-").FullName;

    [Fact]
    public void Read_followsWhatTheFilesName_inDnsmasqsOrder_andLeavesOursOut()
    {
        Put("/etc/default/dnsmasq", "CONFIG_DIR=/etc/dnsmasq.d,.bak\n");
        Put("/etc/dnsmasq.conf", "conf-file=/etc/more.conf\nconf-dir=/etc/dnsmasq.d\ndhcp-hostsfile=/etc/lists\n");
        Put("/etc/more.conf", "conf-file=/etc/dnsmasq.conf\naddn-hosts=/etc/gone\n\xff");
        Put("/etc/lists/b", "");
        Put("/etc/lists/a", "02:00:00:00:00:01,pc\n");
        Put("/etc/dnsmasq.d/site", "port=0\n");
        Put("/etc/dnsmasq.d/old.bak", "port=1\n");
        Put("/etc/dnsmasq.d/etcsync.conf", "ours\n");

        Assert.Equal(
            ["/etc/default/dnsmasq", "/etc/dnsmasq.d/site", "/etc/dnsmasq.conf", "/etc/more.conf", "/etc/dnsmasq.d/old.bak", "/etc/lists/a", "/etc/lists/b"],
            DnsmasqSources.Read(new(_root)).Select(file => file.Path));
    }

    [Fact]
    public void Read_ofAPipe_doesNotWait()
    {
        Put("/etc/dnsmasq.d/x", "");
        File.Delete(_root + "/etc/dnsmasq.d/x");
        Tool.Run("mkfifo", _root + "/etc/dnsmasq.d/x");
        Put("/etc/dnsmasq.conf", "conf-dir=/etc/dnsmasq.d\n");

        Assert.Equal(["conf-dir=/etc/dnsmasq.d\n"], DnsmasqSources.Read(new Locations(_root)).Select(file => file.Text));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.WriteAllBytes(_root + path, System.Text.Encoding.Latin1.GetBytes(text));
    }
}
