using System.Text;
using EtcSync.Core.Resolutions;

namespace EtcSync.Core.Tests.Resolutions;

public sealed class AnswerTextTests
{
    private static readonly AnswerText Text = AnswerText.Of(Bytes("a\nb\nc\n"), Bytes("a\nclient\nc\n"), Bytes("a\nupstream\nc\n"), ["what it is", "what to do"]);

    [Fact]
    public void Both_sides_are_marked_below_the_heading() => Assert.Equal(
        "# etcsync: what it is\n# etcsync: what to do\na\n<<<<<<< client\nclient\n||||||| base\nb\n=======\nupstream\n>>>>>>> upstream\nc\n", Encoding.UTF8.GetString(Text.Content));

    [Fact]
    public void Answer_has_no_heading() => Assert.Equal(("a\nboth\nc\n", AnswerFault.None), Read("# etcsync: what it is\n# etcsync: what to do\na\nboth\nc\n"));

    [Fact]
    public void Heading_may_be_removed_by_hand() => Assert.Equal(("# a comment\na\n", AnswerFault.None), Read("# a comment\na\n"));

    [Fact]
    public void Text_as_it_was_is_no_answer() => Assert.Equal(AnswerFault.Unchanged, Text.Read(Text.Content).Fault);

    [Fact]
    public void Nothing_is_said_to_be_empty() => Assert.Equal(AnswerFault.Empty, Read("# etcsync: what it is\n").Fault);

    [Theory]
    [InlineData("a\n<<<<<<< client\nb\n")]
    [InlineData("a\n||||||| base\nb\n")]
    [InlineData("a\n=======\nb\n")]
    [InlineData("a\nb\n>>>>>>> upstream")]
    [InlineData("a\n<<<<<<< HEAD\nb\n")]
    public void Marks_that_are_left_are_found(string edited) => Assert.Equal(AnswerFault.Marked, Read(edited).Fault);

    [Fact]
    public void Lines_of_equals_signs_that_were_there_may_stay()
    {
        var text = AnswerText.Of(null, Bytes("title\n=======\nclient\n"), Bytes("title\n=======\nupstream\n"), []);

        Assert.Equal(AnswerFault.None, text.Read(Bytes("title\n=======\nboth\n")).Fault);
        Assert.Equal(AnswerFault.Marked, text.Read(Bytes("title\n=======\nboth\n=======\n")).Fault);
    }

    [Fact]
    public void What_one_side_deleted_is_there_as_the_other_has_it() => Assert.Equal("upstream\n", Encoding.UTF8.GetString(AnswerText.Of(Bytes("b\n"), null, Bytes("upstream\n"), []).Content));

    private static (string Answer, AnswerFault Fault) Read(string edited) => Text.Read(Bytes(edited)) is var (answer, fault) ? (Encoding.UTF8.GetString(answer), fault) : default;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
