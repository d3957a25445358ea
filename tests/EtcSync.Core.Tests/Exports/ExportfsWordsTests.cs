using EtcSync.Core.Exports;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Exports;

public sealed class ExportfsWordsTests
{
    [Fact]
    public void Messages_that_go_on_are_put_together_and_style_is_left_out()
    {
        var messages = ExportfsWords.Messages("""
            exportfs: /etc/exports [1]: Neither 'subtree_check' or 'no_subtree_check' specified for export "*:/srv/a".
              Assuming default behaviour ('no_subtree_check').
              NOTE: this default has changed since nfs-utils version 1.0.x

            exportfs: incompatible duplicated export entries:
            exportfs: 	192.168.1.50:/srv/etc-pc01 (0x6) [IGNORED]
            exportfs: 	192.168.1.50:/srv/etc-pc01 (0x426)
            exportfs: Failed to stat /srv/a: No such file or directory
            exportfs: Failed to stat /srv/a: No such file or directory
            """);

        Assert.Equal(["incompatible duplicated export entries: 192.168.1.50:/srv/etc-pc01 (0x6) [IGNORED] 192.168.1.50:/srv/etc-pc01 (0x426)", "Failed to stat /srv/a: No such file or directory"], messages.AsEnumerable());
    }

    [Fact]
    public void What_is_about_our_directories_is_a_warning_and_the_rest_a_note()
    {
        var findings = ExportfsWords.Findings("exportfs: Failed to stat /srv/etc-pc01: No such file or directory\nexportfs: Failed to resolve host\nexportfs: can't open /etc/exports for reading\n", ["/srv/root", "/srv/etc-"]).ToList();

        Assert.Equal([FindingLevel.Warning, FindingLevel.Note, FindingLevel.Note], findings.Select(finding => finding.Level));
        Assert.Equal("There is no /etc/exports, and exportfs complains each time. Make an empty one.", findings[2].Message);
    }

    [Fact]
    public void What_NFS_cannot_export_comes_with_a_remedy()
    {
        var finding = Assert.Single(ExportfsWords.Findings("exportfs: /srv/root requires fsid= for NFS export\n", ["/srv/root"]));

        Assert.EndsWith("Move it to a file system that NFS can tell from others, such as ext4, XFS or btrfs.", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n  \n")]
    [InlineData(" starts with a blank\n")]
    [InlineData("\0\x1b[31m\n")]
    public void Anything_can_be_said_without_harm(string error) => Assert.True(ExportfsWords.Messages(error).Length <= 1);
}
