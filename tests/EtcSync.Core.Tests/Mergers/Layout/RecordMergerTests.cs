using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Mergers;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Tests.Mergers.Layout;

/// <summary>The layout of merged files, on a kind whose records are a name and a value.</summary>
public sealed class RecordMergerTests
{
    [Theory]
    [InlineData("a 1|b 1|", "a 2|b 1|", "a 1|b 2|", "a 2|b 2|")]
    [InlineData("a 1|", "a 1|c 1|", "a 1|u 1|", "a 1|u 1|c 1|")]
    [InlineData("a 1|b 1|", "a 1|c 1|b 1|", "a 1|u 1|b 1|", "a 1|u 1|c 1|b 1|")]
    [InlineData("a 1|b 1|z 1|", "a 1|b 1|c 1|z 1|", "a 1|u 1|z 1|", "a 1|u 1|c 1|z 1|")]
    [InlineData("a 1|b 1|", "b 1|", "a 1|b 1|u 1|", "b 1|u 1|")]
    [InlineData("", "c 1|", "u 1|", "u 1|c 1|")]
    public void Records_of_both_sides_are_merged_one_by_one(string ancestor, string client, string upstream, string expected) =>
        Assert.Equal(expected, Merged(ancestor, client, upstream));

    [Theory]
    [InlineData("a 1|", "a 1||# mine|c 1|", "a 1||# theirs|u 1|", "a 1||# theirs|u 1||# mine|c 1|")]
    [InlineData("# head|a 1|", "# client|a 1|", "# upstream|a 1|", "# upstream|# client|a 1|")]
    [InlineData("# head|a 1|", "a 1|", "# head|a 1|u 1|", "a 1|u 1|")]
    [InlineData("|# head|a 1|", "|# client|a 1|", "|# head|a 1|u 1|", "|# client|a 1|u 1|")]
    [InlineData("a 1|", "a 1|# same|c 1|", "a 1|# same|u 1|", "a 1|# same|u 1|c 1|")]
    [InlineData("a 1||b 1||", "a 1||b 1||c 1||", "a 1||b 1||u 1||", "a 1||b 1||u 1||c 1||")]
    public void Lines_between_records_stay_with_what_they_were_added_with(string ancestor, string client, string upstream, string expected) =>
        Assert.Equal(expected, Merged(ancestor, client, upstream));

    [Theory]
    [InlineData("a 1|b 1|c 1|", "a 1|b 1|c 1|x 1|", "c 1|a 1|b 1|", "c 1|a 1|b 1|x 1|")]
    [InlineData("a 1|b 1|c 1|", "c 1|a 1|b 1|", "a 1|u 1|b 1|c 1|", "c 1|a 1|u 1|b 1|")]
    [InlineData("a 1|b 1|c 1|", "c 1|a 1|b 1|", "b 1|a 1|c 1|", "b 1|a 1|c 1|")]
    [InlineData("a 1|b 1|c 1|", "b 1|c 1|a 1|x 1|", "b 1|c 1|a 1|u 1|", "b 1|c 1|a 1|u 1|x 1|")]
    public void Order_is_that_of_the_side_that_changed_it_and_upstreams_where_both_did(string ancestor, string client, string upstream, string expected) =>
        Assert.Equal(expected, Merged(ancestor, client, upstream));

    [Fact]
    public void Two_new_orders_are_in_dispute_where_order_matters()
    {
        var dispute = Assert.Single(Disputes("a 1|b 1|c 1|", "c 1|a 1|b 1|", "b 1|a 1|c 1|", Ordered));

        Assert.Equal("order", dispute.Record);
        Assert.Equal("a|b|c|", Text(dispute.Base!));
        Assert.Equal("c|a|b|", Text(dispute.Client!));
        Assert.Equal("b|a|c|", Text(dispute.Upstream!));
    }

    [Theory]
    [InlineData("a 1|b 1|c 1|", "c 1|a 1|b 1|", "a 1|b 1|x 1|c 1|", "c 1|a 1|b 1|x 1|")]
    [InlineData("a 1|b 1|c 1|", "b 1|a 1|c 1|", "b 1|a 1|c 1|u 1|", "b 1|a 1|c 1|u 1|")]
    [InlineData("", "a 1|x 1|", "a 1|b 1|x 1|", "a 1|b 1|x 1|")]
    [InlineData("# top|# end|", "# top|# end|x 1|y 1|", "# top|y 1|# end|", "# top|# end|x 1|y 1|")]
    [InlineData("# top|# end|", "# top|y 1|# end|", "# top|# end|x 1|y 1|", "# top|# end|x 1|y 1|")]
    [InlineData("z 1|s 1|# x|n 1|a 1|", "z 1|s 1|k 1|# x|l 1|n 1|a 1|", "a 1|z 1|s 1|l 1|# x|n 1|", "a 1|z 1|s 1|k 1|l 1|# x|n 1|")]
    [InlineData("z 1|s 1|# x|n 1|a 1|", "a 1|z 1|s 1|l 1|# x|n 1|", "z 1|s 1|k 1|# x|l 1|n 1|a 1|", "a 1|z 1|s 1|k 1|l 1|# x|n 1|")]
    public void Order_is_no_dispute_where_one_side_made_it(string ancestor, string client, string upstream, string expected) =>
        Assert.Equal(expected, Merged(ancestor, client, upstream, Ordered));

    [Theory]
    [InlineData("a 1|b 1|c 1|", "b 1|a 1|c 1|", "a 1|c 1|b 1|")]
    [InlineData("", "a 1|x 1|", "x 1|a 1|")]
    public void Order_is_in_dispute_where_the_sides_differ_in_it(string ancestor, string client, string upstream) =>
        Assert.Equal("order", Assert.Single(Disputes(ancestor, client, upstream, Ordered)).Record);

    [Theory]
    [InlineData(DisputeSide.Base, "a 1|b 1|c 1|")]
    [InlineData(DisputeSide.Client, "c 1|a 1|b 1|")]
    [InlineData(DisputeSide.Upstream, "b 1|a 1|c 1|")]
    public void Order_is_settled_as_one_version_has_it(DisputeSide side, string expected) =>
        Assert.Equal(expected, Merged("a 1|b 1|c 1|", "c 1|a 1|b 1|", "b 1|a 1|c 1|", Ordered, _ => new DisputeAnswer.Take(side)));

    [Theory]
    [InlineData("a 1|", "a 2|", "a 3|", "Both sides changed it, each in another way.")]
    [InlineData("", "a 2|", "a 3|", "Both sides added it, each in another way.")]
    [InlineData("a 1|", "x 1|", "a 3|", "The client deleted it, and upstream changed it.")]
    [InlineData("a 1|", "a 2|", "x 1|", "The client changed it, and upstream deleted it.")]
    [InlineData("a 1|a 1|", "a 2|a 1|", "a 1|a 3|", "It is there more than once, and both sides changed it.")]
    public void Record_that_both_sides_changed_is_in_dispute(string ancestor, string client, string upstream, string reason)
    {
        var dispute = Assert.Single(Disputes(ancestor, client, upstream));

        Assert.Equal(("a", reason), (dispute.Record, dispute.Reason));
    }

    [Theory]
    [InlineData("a 1|b 1|a 1|", "a 2|b 1|a 3|", "a 1|b 2|a 1|", "a 2|b 2|a 3|")]
    [InlineData("a 1|b 1|a 1|", "a 1|b 1|", "a 1|b 2|a 1|", "a 1|b 2|")]
    [InlineData("a 1|b 1|", "a 1|b 1|a 2|a 3|", "a 1|b 2|", "a 1|b 2|a 2|a 3|")]
    public void Key_that_occurs_twice_follows_the_side_that_changed_it(string ancestor, string client, string upstream, string expected) =>
        Assert.Equal(expected, Merged(ancestor, client, upstream));

    [Theory]
    [InlineData(DisputeSide.Base, "a 1|b 2|")]
    [InlineData(DisputeSide.Client, "b 2|")]
    [InlineData(DisputeSide.Upstream, "a 3|b 2|")]
    public void Settled_record_is_as_the_version_has_it(DisputeSide side, string expected) =>
        Assert.Equal(expected, Merged("a 1|b 1|", "b 2|", "a 3|b 1|", answer: _ => new DisputeAnswer.Take(side)));

    [Fact]
    public void Settled_record_can_be_of_several_lines_with_comments() =>
        Assert.Equal("z 1|# both|a 2|a 3|b 1|", Merged("z 1|a 1|b 1|", "z 1|a 2|b 1|", "z 1|a 3|b 1|", answer: _ => new DisputeAnswer.Replace(Bytes("# both|a 2|a 3|"))));

    [Fact]
    public void Record_cannot_be_settled_with_lines_of_another()
    {
        var result = new RecordMerger("test", new NameAndValue()).Merge(new(Bytes("a 1|"), Bytes("a 2|"), Bytes("a 3|")), _ => new DisputeAnswer.Replace(Bytes("b 1|")));

        Assert.EndsWith("The lines that it was settled with are not this record.", Assert.Single(Assert.IsType<ContentMergeResult.Disputed>(result).Records).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_dispute_is_put_to_the_arbiter_once()
    {
        var asked = new List<string>();

        Merged("a 1|b 1|", "a 2|b 2|", "a 3|b 3|", answer: dispute =>
        {
            asked.Add(dispute.Record);
            return new DisputeAnswer.Take(DisputeSide.Client);
        });

        Assert.Equal(["a", "b"], asked);
    }

    [Theory]
    [InlineData("a 1", "a 1|c 1", "a 1|u 1", "a 1|u 1|c 1")]
    [InlineData("a 1|", "a 1|c 1", "u 1|a 1|", "u 1|a 1|c 1")]
    [InlineData("a 1|", "a 1", "a 1|u 1|", "a 1|u 1|")]
    [InlineData("a 1", "c 1|a 1", "a 1|u 1|", "c 1|a 1|u 1|")]
    [InlineData("a 1|b 1|", "a 2|b 1", "a 1|b 3|", "a 2|b 3|")]
    public void Last_line_has_no_end_only_where_it_had_none(string ancestor, string client, string upstream, string expected) =>
        Assert.Equal(expected, Merged(ancestor, client, upstream));

    [Theory]
    [InlineData("a 1|b 1|", "a 1\r|b 1\r|", "a 1|b 2|", "a 1\r|b 2\r|")]
    [InlineData("a 1\r|b 1\r|", "a 1\r|b 1\r|c 1\r|", "a 1\r|b 2\r|", "a 1\r|b 2\r|c 1\r|")]
    [InlineData("a 1\r|b 1\r|", "a 1\r|b 1\r|c 1|", "a 1\r|b 2\r|", "a 1\r|b 2\r|c 1|")]
    public void Line_endings_follow_the_side_that_changed_them(string ancestor, string client, string upstream, string expected) =>
        Assert.Equal(expected, Merged(ancestor, client, upstream));

    [Fact]
    public void Bytes_that_are_no_text_are_kept()
    {
        byte[] odd = [(byte)'#', 0xFF, 0xC3, (byte)'\n', (byte)'a', (byte)' ', 0x80, (byte)'\n'];

        var result = new RecordMerger("test", new NameAndValue()).Merge(new(odd, [.. odd, .. Bytes("c 1|")], [.. Bytes("u 1|"), .. odd]), _ => null);

        Assert.Equal([.. Bytes("u 1|"), .. odd, .. Bytes("c 1|")], Assert.IsType<ContentMergeResult.Merged>(result).Content);
    }

    [Theory]
    [InlineData("a 1|", "a 1|b|", "a 1|u 1|", "Line 2 of the client's version has no value.")]
    [InlineData("a 1|", "a 1|c 1|", "a 1|\0|", "Line 2 of upstream's version has a NUL byte.")]
    [InlineData("a|", "a 1|c 1|", "a 1|u 1|", "Line 1 of the version that both sides started from has no value.")]
    public void File_of_another_kind_is_not_understood(string ancestor, string client, string upstream, string reason)
    {
        var result = new RecordMerger("test", new NameAndValue()).Merge(new(Bytes(ancestor), Bytes(client), Bytes(upstream)), _ => null);

        Assert.Equal(reason, Assert.IsType<ContentMergeResult.NotUnderstood>(result).Reason);
    }

    [Fact]
    public void Comments_between_all_records_cost_what_the_length_of_the_file_costs()
    {
        var few = Allocated(250);

        Assert.InRange(Allocated(4_000), few, 2 * 16 * few);
    }

    private static RecordFormat Ordered => new NameAndValue { Order = true };

    // Counted in memory, which a busy machine does not change.
    private static long Allocated(int records)
    {
        var (ancestor, client, upstream) = (Commented("base"), Commented("client"), Commented("upstream"));
        Merged(ancestor, client, upstream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Merged(ancestor, client, upstream);
        return GC.GetAllocatedBytesForCurrentThread() - before;

        string Commented(string comment) => string.Concat(Enumerable.Range(0, records).Select(i => $"# {comment} {i % 7}|name{i} value|"));
    }

    private static string Merged(string ancestor, string client, string upstream, RecordFormat? format = null, RecordArbiter? answer = null)
    {
        var result = new RecordMerger("test", format ?? new NameAndValue()).Merge(new(Bytes(ancestor), Bytes(client), Bytes(upstream)), answer ?? (_ => null));
        return Text(Assert.IsType<ContentMergeResult.Merged>(result).Content);
    }

    private static ImmutableArray<RecordDispute> Disputes(string ancestor, string client, string upstream, RecordFormat? format = null)
    {
        var result = new RecordMerger("test", format ?? new NameAndValue()).Merge(new(Bytes(ancestor), Bytes(client), Bytes(upstream)), _ => null);
        return Assert.IsType<ContentMergeResult.Disputed>(result).Records;
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\n'));

    private static string Text(byte[] content) => Encoding.Latin1.GetString(content).Replace('\n', '|');

    private sealed class NameAndValue : RecordFormat
    {
        public bool Order { get; init; }

        public override bool OrderMatters => Order;

        public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                if (!FileText.IsBlankOrComment(lines[i]) && FileText.Words(lines[i]).Length != 2) return new(i + 1, "has no value");
                items.Add(new(FileText.IsBlankOrComment(lines[i]) ? null : FileText.Words(lines[i])[0], lines[i]));
            }

            return null;
        }
    }
}
