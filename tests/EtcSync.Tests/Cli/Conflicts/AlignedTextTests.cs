using System.Text;
using EtcSync.Cli.Conflicts;

namespace EtcSync.Tests.Cli.Conflicts;

public sealed class AlignedTextTests
{
    [Fact]
    public void Lines_in_dispute_are_shown_with_two_around_them()
    {
        var text = File("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nmine\n5\n6\n7\n", "1\n2\n3\ntheirs\n5\n6\n7\n");

        Assert.Equal(["2 2 2", "3 3 3", "-4 +mine +theirs", "5 5 5", "6 6 6"], Rows(Assert.Single(text.Places)));
        Assert.Equal([2, 3, 4, 5, 6], text.Places[0].Select(row => row.Client!.Number!.Value));
    }

    [Fact]
    public void Change_that_is_not_in_dispute_is_not_shown()
    {
        var text = File("a\n1\n2\n3\n4\nb\n", "a\n1\n2\n3\n4\nmine\n", "A\n1\n2\n3\n4\ntheirs\n");

        Assert.Equal(["3 3 3", "4 4 4", "-b +mine +theirs"], Rows(Assert.Single(text.Places)));
    }

    [Fact]
    public void Places_with_lines_left_out_between_them_stand_apart()
    {
        var text = File("a\n1\n2\n3\n4\n5\nb\n", "A\n1\n2\n3\n4\n5\nB\n", "x\n1\n2\n3\n4\n5\ny\n");

        Assert.Equal(2, text.Places.Length);
        Assert.Equal(["-a +A +x", "1 1 1", "2 2 2"], Rows(text.Places[0]));
        Assert.Equal(["4 4 4", "5 5 5", "-b +B +y"], Rows(text.Places[1]));
    }

    [Fact]
    public void Places_that_touch_are_one_and_no_line_is_shown_twice()
    {
        var text = File("a\n1\n2\n3\nb\n", "A\n1\n2\n3\nB\n", "x\n1\n2\n3\ny\n");

        Assert.Equal(["-a +A +x", "1 1 1", "2 2 2", "3 3 3", "-b +B +y"], Rows(Assert.Single(text.Places)));
    }

    [Fact]
    public void Versions_added_on_both_sides_are_compared_with_each_other()
    {
        var text = File(null, "same\nmine\n", "same\ntheirs\n");

        Assert.Equal(["| same same", "| +mine +theirs"], Rows(Assert.Single(text.Places)));
    }

    [Fact]
    public void Version_that_was_deleted_has_no_lines_and_the_change_of_the_other_is_shown()
    {
        var text = File("1\n2\n3\n4\n5\n6\n", null, "1\n2\n3\n4\n5\nsix\n");

        Assert.Equal(["4 | 4", "5 | 5", "-6 | +six"], Rows(Assert.Single(text.Places)));
    }

    [Fact]
    public void Lines_that_one_side_removed_are_marked_in_the_base()
    {
        var text = File("1\n2\n3\n", "1\n3\n", "1\ntwo\n3\n");

        Assert.Equal(["1 1 1", "-2 | +two", "3 3 3"], Rows(Assert.Single(text.Places)));
    }

    [Fact]
    public void Missing_line_break_is_shown()
    {
        var text = File("1\n2\n", "1\n2", "1\ntwo\n");

        Assert.Contains("\\ no line break at the end", string.Join('\n', Rows(text.Places[0])), StringComparison.Ordinal);
    }

    [Fact]
    public void Record_is_shown_whole_and_without_numbers()
    {
        var text = AlignedText.OfRecord("a=1\n"u8.ToArray(), "a=2\n"u8.ToArray(), null)!;

        Assert.Equal(["-a=1 +a=2 |"], Rows(Assert.Single(text.Places)));
        Assert.All(text.Places[0], row => Assert.Null(row.Client!.Number));
    }

    [Fact]
    public void Record_that_only_one_side_has_is_its_own() =>
        Assert.Equal(["| | +a"], Rows(Assert.Single(AlignedText.OfRecord(null, null, "a\n"u8.ToArray())!.Places)));

    [Fact]
    public void Content_that_is_not_text_has_no_lines() => Assert.Null(AlignedText.OfFile([1, 0], [2, 0], [3, 0]));

    [Fact]
    public void Content_that_is_too_long_has_no_lines() =>
        Assert.Null(AlignedText.OfFile("a"u8.ToArray(), new byte[300_000].Select(_ => (byte)'x').ToArray(), "b"u8.ToArray()));

    [Fact]
    public void Content_that_differs_in_too_many_lines_has_none() =>
        Assert.Null(Align("a\n", string.Concat(Enumerable.Range(0, 5_000).Select(i => $"c{i}\n")), string.Concat(Enumerable.Range(0, 5_000).Select(i => $"u{i}\n"))));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_text_all_the_same() =>
        Assert.NotNull(AlignedText.OfFile("a\n"u8.ToArray(), [0xe9, (byte)'\n'], "b\n"u8.ToArray()));

    [Fact]
    public void Long_lines_are_cut_around_their_first_difference()
    {
        var prefix = new string('x', 1_000);
        var row = new AlignedRow(new(1, prefix + "a" + prefix, true), new(1, prefix + "b" + prefix, true), new(1, "short", true));

        var cut = new AlignedRow(row.Base, row.Client, null).Cut(100);

        Assert.StartsWith("(980 characters …) xxx", cut.Base!.Text, StringComparison.Ordinal);
        Assert.Contains("xa", cut.Base.Text, StringComparison.Ordinal);
        Assert.Contains("xb", cut.Client!.Text, StringComparison.Ordinal);
        Assert.EndsWith("(… 921 characters more)", cut.Client.Text, StringComparison.Ordinal);
        Assert.Equal("short", row.Cut(100).Upstream!.Text);
    }

    private static AlignedText File(string? ancestor, string? client, string? upstream) => Align(ancestor, client, upstream)!;

    private static AlignedText? Align(string? ancestor, string? client, string? upstream) => AlignedText.OfFile(Bytes(ancestor), Bytes(client), Bytes(upstream));

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static IEnumerable<string> Rows(IEnumerable<AlignedRow> rows) => rows.Select(row => $"{Text(row.Base, "-")} {Text(row.Client, "+")} {Text(row.Upstream, "+")}");

    private static string Text(VersionLine? line, string mark) => line is null ? "|" : (line.IsOwn ? mark : "") + line.Text;
}
