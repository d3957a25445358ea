using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Server;

public sealed class FileLinesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("\n\n")]
    [InlineData("a\r\nb\n\xff")]
    public void Lines_put_together_are_the_text(string text) => Assert.Equal(text, string.Concat(FileLines.Split(text)));

    [Fact]
    public void Without_some_lines_every_other_byte_stays() => Assert.Equal("a\r\n\xff", FileLines.Without("a\r\nb\nc\n\xff", [2, 3, 9]));
}
