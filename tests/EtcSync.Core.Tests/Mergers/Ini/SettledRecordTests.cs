using System.Text;
using EtcSync.Core.Mergers;

namespace EtcSync.Core.Tests.Mergers.Ini;

public sealed class SettledRecordTests
{
    private const string Unit = "[Unit]\nAfter=a\n\n[Service]\nRestart=no\n\n[Install]\nAlias=d\n";

    [Fact]
    public void New_lines_standInTheSectionOfTheRecord() =>
        Assert.Equal(Unit.Replace("Restart=no", "# both\nRestart=on-abort"), Settled("systemd", Unit, Unit.Replace("=no", "=always"), Unit.Replace("=no", "=on-failure"), "# both\nRestart=on-abort\n"));

    [Fact]
    public void New_lines_thatBeginASection_areRefused()
    {
        var result = Merge("systemd", Unit, Unit.Replace("=no", "=always"), Unit.Replace("=no", "=on-failure"), "[Other]\nRestart=on-abort\n");
        var dispute = Assert.Single(Assert.IsType<ContentMergeResult.Disputed>(result).Records);
        Assert.Equal("[Service] Restart", dispute.Record);
        Assert.EndsWith("The lines that it was settled with are not this record.", dispute.Reason);
    }

    [Fact]
    public void New_lines_forASection_replaceAllOfIt() =>
        Assert.Equal(Unit.Replace("\n[Install]\nAlias=d\n", "[Install]\nAlias=f\n"), Settled("systemd", Unit, Unit.Replace("\n[Install]\nAlias=d\n", ""), Unit.Replace("Alias=d", "Alias=d\nWantedBy=e"), "[Install]\nAlias=f\n"));

    [Fact]
    public void New_lines_forABlock_standInItsPlace()
    {
        const string Block = "UsePAM yes\nMatch User a\n PermitTTY no\n\nMatch User b\n PermitTTY no\n";
        var client = Block.Replace("a\n PermitTTY no", "a\n PermitTTY yes");
        var upstream = Block.Replace("a\n PermitTTY no", "a\n Banner none");
        Assert.Equal(Block.Replace("a\n PermitTTY no", "a\n X11Forwarding no"), Settled("sshd", Block, client, upstream, "Match User a\n X11Forwarding no\n"));
    }

    [Fact]
    public void Empty_answer_takesTheRecordAway() =>
        Assert.Equal(Unit.Replace("Restart=no\n", ""), Settled("systemd", Unit, Unit.Replace("=no", "=always"), Unit.Replace("=no", "=on-failure"), ""));

    [Theory]
    [InlineData("[Journal]\nAfter=z\n[Install]\nNice=0\n", null)]
    [InlineData("[Journal]\nAfter\n", "Records of one side would come to stand where they mean something else. It can be settled as a whole file. The file that it was settled with is not of its kind.")]
    [InlineData("", "Records of one side would come to stand where they mean something else. It can be settled as a whole file.")]
    public void Answers_thatPutRecordsInAnotherSection_askForTheFile(string file, string? reason)
    {
        var result = ContentMergers.Find("systemd")!.Merge(
            new("[Journal]\n#a\nAudit=no\n"u8.ToArray(), "[Journal]\n#a\nAfter=z\nAudit=no\n"u8.ToArray(), "[Install]\nNice=0\n#a\nAudit=no\n"u8.ToArray()),
            dispute => dispute.Record == "[Journal]" ? new DisputeAnswer.Take(DisputeSide.Client) : file.Length == 0 ? null : new DisputeAnswer.Replace(Encoding.UTF8.GetBytes(file)));
        if (reason is null) Assert.Equal(file, Encoding.UTF8.GetString(Assert.IsType<ContentMergeResult.Merged>(result).Content));
        else Assert.Equal(("file", reason), Assert.Single(Assert.IsType<ContentMergeResult.Disputed>(result).Records) is var dispute ? (dispute.Record, dispute.Reason) : default);
    }

    private static string Settled(string merger, string before, string client, string upstream, string answer) =>
        Encoding.UTF8.GetString(Assert.IsType<ContentMergeResult.Merged>(Merge(merger, before, client, upstream, answer)).Content);

    private static ContentMergeResult Merge(string merger, string before, string client, string upstream, string answer) =>
        ContentMergers.Find(merger)!.Merge(new(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(client), Encoding.UTF8.GetBytes(upstream)), _ => new DisputeAnswer.Replace(Encoding.UTF8.GetBytes(answer)));
}
