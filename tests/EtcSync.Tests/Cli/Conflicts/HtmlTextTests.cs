using EtcSync.Cli.Conflicts;

namespace EtcSync.Tests.Cli.Conflicts;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onmouseover='x'", "&quot; onmouseover=&#39;x&#39;")]
    [InlineData("a\u202Eb", "a\\u202eb")]
    [InlineData("a\e[31mb\0", "a\\x1b[31mb\\x00")]
    [InlineData("&amp;", "&amp;amp;")]
    public void Hostile_text_is_shown_and_not_obeyed(string text, string html) => Assert.Equal(html, HtmlText.Of(text));

    [Theory]
    [InlineData("rw,soft,x", "rw,hard,x", "rw,<mark>soft</mark>,x")]
    [InlineData("a<b", "a<c", "a&lt;<mark>b</mark>")]
    [InlineData("new", "old", "new")]
    [InlineData("same", "same", "same")]
    [InlineData("ab", "aab", "ab")]
    [InlineData("x\U0001F600y", "x\U0001F601y", "x<mark>&#128512;</mark>y")]
    public void What_a_line_does_not_share_is_marked(string text, string other, string html) => Assert.Equal(html, HtmlText.OfLine(text, other));
}
