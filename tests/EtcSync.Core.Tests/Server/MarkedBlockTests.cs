using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Server;

public sealed class MarkedBlockTests
{
    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1 localhost\n")]
    [InlineData("127.0.0.1 localhost")]
    [InlineData("a\r\n\u00e9\u00ff\0b\n\n")]
    public void Put_and_remove_leaves_every_other_byte(string text)
    {
        var put = MarkedBlock.Put(text, "10.0.0.1 pc01\n");

        Assert.Equal("10.0.0.1 pc01\n", MarkedBlock.Find(put));
        Assert.Equal(text.Length == 0 || text.EndsWith('\n') ? text : text + "\n", MarkedBlock.Remove(put));
    }

    [Fact]
    public void Put_replaces_the_block_where_it_stands()
    {
        var text = MarkedBlock.Put("before\n", "one\n") + "after\n";

        Assert.Equal(text.Replace("one", "two", StringComparison.Ordinal), MarkedBlock.Put(text, "two"));
    }

    [Fact]
    public void Block_without_its_end_takes_no_line_of_others()
    {
        var text = $"before\n{MarkedBlock.Begin}\ntheirs\n";

        Assert.Equal("before\ntheirs\n", MarkedBlock.Remove(text));
        Assert.Equal($"before\n{MarkedBlock.Begin}\nours\n{MarkedBlock.End}\ntheirs\n", MarkedBlock.Put(text, "ours"));
    }

    [Fact]
    public void Words_of_the_mark_inside_a_line_are_no_mark() =>
        Assert.Null(MarkedBlock.Find($"# see {MarkedBlock.Begin}\n{MarkedBlock.End}\n"));
}
