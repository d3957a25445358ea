using EtcSync.Core.Names;

namespace EtcSync.Core.Tests.Names;

public sealed class HostsFileTests
{
    [Fact]
    public void Addresses_and_names_are_read_and_the_rest_is_passed_over()
    {
        var read = HostsFile.Read(new("/etc/hosts", "127.0.0.1\tlocalhost # me\n#10.0.0.1 a\nfd00::5 pc5 pc5.lab\nfe80::1%eth0 gate\n12 x\n10.0.0.1\n010.0.0.1 y\n"));

        Assert.Equal(["1 127.0.0.1 localhost", "3 fd00::5 pc5,pc5.lab", "4 fe80::1 gate"], read.Select(entry => $"{entry.Line} {entry.Address} {string.Join(',', entry.Names)}"));
    }
}
