using EtcSync.Cli;

namespace EtcSync.Tests.Cli;

public sealed class WrappedTextTests
{
    [Theory]
    [InlineData("one two three", "one two|three")]
    [InlineData("a-word-that-is-too-long b", "a-word-that-is-too-long|b")]
    [InlineData("then 'etcsync sync pc01'. And more", "then|'etcsync sync pc01'.|And more")]
    [InlineData("the client's own", "the|client's|own")]
    [InlineData("rock 'n roll is it", "rock 'n|roll is|it")]
    [InlineData("", "")]
    public void Sentences_are_broken_between_words_and_not_in_commands(string text, string lines) => Assert.Equal(lines, string.Join('|', WrappedText.Words(text, 8)));

    [Theory]
    [InlineData("abcdefgh", "abc|def|gh")]
    [InlineData("  a  b", "  a|  b")]
    [InlineData("日本語", "日|本|語")]
    [InlineData("a\U0001F600b", "a\U0001F600|b")]
    [InlineData("", "")]
    public void Lines_of_files_are_broken_where_they_have_to_be(string text, string lines) => Assert.Equal(lines, string.Join('|', WrappedText.Characters(text, 3)));
}
