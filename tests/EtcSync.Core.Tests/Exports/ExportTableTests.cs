using EtcSync.Core.Exports;

namespace EtcSync.Core.Tests.Exports;

public sealed class ExportTableTests
{
    private const string Root = "/srv/root 192.168.1.0/24(ro,no_root_squash,subtree_check)\n";
    private const string Clone = "/srv/etc-pc01 192.168.1.50(rw,no_root_squash,subtree_check)\n";

    private static readonly GuardedDirectories Places = new(["/srv/root", "/srv/etc-pc01", "/var/lib/etcsync"]);

    [Fact]
    public void Table_as_exportfs_writes_it_is_as_meant()
    {
        const string Long = "sync,wdelay,hide,nocrossmnt,secure,no_root_squash,no_all_squash,subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys";

        var table = ExportTable.Compare(Entries(Root + Clone), Entries($"/srv/etc-pc01\t192.168.1.50(rw,{Long},rw,secure,no_root_squash,no_all_squash)\n/srv/root\t192.168.1.0/24(ro,{Long},ro,secure,no_root_squash,no_all_squash)\n"), Places);

        Assert.True(table.IsAsMeant);
    }

    [Fact]
    public void What_is_not_in_the_table_is_missing() =>
        Assert.Equal("/srv/etc-pc01", Assert.Single(ExportTable.Compare(Entries(Root + Clone), Entries(Root), Places).Missing).Directory);

    [Fact]
    public void Other_options_are_told_as_the_table_has_them()
    {
        var table = ExportTable.Compare(Entries(Clone), Entries("/srv/etc-pc01 192.168.1.50(rw,insecure,subtree_check,fsid=root)\n"), Places);

        Assert.Equal("fsid=0,root_squash,insecure", Assert.Single(table.Different).Options);
    }

    [Fact]
    public void Option_that_the_table_lacks_is_told_too()
    {
        var table = ExportTable.Compare(Entries("/srv/etc-pc01 192.168.1.50(rw,mp=/srv/x)\n"), Entries("/srv/etc-pc01 192.168.1.50(rw)\n"), Places);

        Assert.Equal("no mountpoint=/srv/x", Assert.Single(table.Different).Options);
    }

    [Theory]
    [InlineData("/srv/etc-pc01 192.168.1.51(rw)")]
    [InlineData("/srv/etc-pc01 192.168.1.50/24(rw)")]
    [InlineData("/srv/etc-pc01/ssh *(ro)")]
    [InlineData("/srv *(ro)")]
    [InlineData("/ *(ro)")]
    [InlineData("/var/lib/etcsync/hub.git host(ro)")]
    public void What_opens_a_guarded_directory_and_is_not_meant_is_strange(string line) =>
        Assert.Single(ExportTable.Compare(Entries(Root + Clone), Entries(Root + Clone + line + "\n"), Places).Strange);

    [Theory]
    [InlineData("/home *(rw)")]
    [InlineData("/srv/etc-pc011 *(rw)")]
    [InlineData("/srv/data *(rw)")]
    public void What_opens_none_is_nobodys_business(string line) => Assert.True(ExportTable.Compare(Entries(Root + Clone), Entries(Root + Clone + line + "\n"), Places).IsAsMeant);

    [Theory]
    [InlineData("/srv/etc-pc01\t192.168.1.50,192.168.1.0/24(rw,no_root_squash,sync,wdelay,uuid=0:1,sec=1)", true)]
    [InlineData("/srv/etc-pc01\t$192.168.1.50(rw,no_root_squash)", true)]
    [InlineData("/srv/root\t$192.168.1.50(ro,no_root_squash)", true)]
    [InlineData("/srv/root/usr\t192.168.1.0/24(ro,no_root_squash)", true)]
    [InlineData("/srv\t192.168.1.0/24(ro,no_root_squash,v4root,fsid=0)", true)]
    [InlineData("/srv/etc-pc01\t192.168.1.51,192.168.1.0/24()", true)]
    [InlineData("/home\t*(rw)", true)]
    [InlineData("/srv/root\t192.168.1.0/24(rw,no_root_squash)", false)]
    [InlineData("/srv/etc-pc01\t192.168.1.51,192.168.1.0/24(rw,no_root_squash)", false)]
    [InlineData("/srv/etc-pc01\t$192.168.1.51(rw,no_root_squash)", false)]
    [InlineData("/srv/etc-pc01\t*(ro)", false)]
    public void Kernel_may_know_only_what_the_table_allows(string line, bool isAllowed) =>
        Assert.Equal(isAllowed, ExportTable.Leftover(Entries("# Version 1.1\n# Path Client(Flags) # IPs\n" + line + "\n"), Entries(Root + Clone), Places).IsEmpty);

    private static List<ExportEntry> Entries(string text) => [.. ExportsFile.Parse(new("etab", text)).Entries];
}
