using EtcSync.Core.Clients;

namespace EtcSync.Core.Tests.Clients;

public sealed class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("pc-01")]
    [InlineData("a--b")]
    [InlineData("xn--bcher-kva")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg")]
    public void Names_of_one_label_are_taken(string text)
    {
        Assert.True(ClientName.TryParse(text, out var client, out var reason));
        Assert.Equal((text, ""), (client.Value, reason));
        Assert.Equal(text, GroupName.Parse(text).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("PC")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("-")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("\na")]
    [InlineData("a\r\nb")]
    [InlineData("a\0")]
    [InlineData("a,b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("*")]
    [InlineData("(rw)")]
    [InlineData("а")]
    [InlineData("ａ")]
    [InlineData("a\u200d")]
    [InlineData("a\u202e")]
    [InlineData("\ud800")]
    [InlineData("\u212a")]
    [InlineData("ß")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg")]
    public void Names_that_could_smuggle_something_are_refused_with_a_reason(string? text)
    {
        Assert.False(ClientName.TryParse(text, out var name, out var reason));
        Assert.Equal("", name.Value);
        Assert.Matches(@"^\P{Cc}+\.$|'\w+'\.$", reason);
        Assert.False(GroupName.TryParse(text, out _, out _));
        Assert.Throws<FormatException>(() => ClientName.Parse(text!));
    }

    [Fact]
    public void Names_with_equal_text_are_equal_and_sort_by_it()
    {
        Assert.Equal(ClientName.Parse("pc1"), ClientName.Parse("pc1"));
        Assert.True(ClientName.Parse("pc1") < ClientName.Parse("pc2"));
        Assert.True(GroupName.Parse("a") != GroupName.Parse("b"));
    }
}
