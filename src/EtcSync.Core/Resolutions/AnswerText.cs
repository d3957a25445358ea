using System.Text;
using EtcSync.Core.Text;

namespace EtcSync.Core.Resolutions;

/// <summary>What is wrong with a text that is to be the answer to a dispute.</summary>
public enum AnswerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is what was there to be edited.</summary>
    Unchanged,

    /// <summary>There is nothing in it.</summary>
    Empty,

    /// <summary>A mark is left in it.</summary>
    Marked,
}

/// <summary>
/// A dispute as a text that a person makes an answer of: a heading that says what it is about, and both sides with the lines in
/// dispute marked, as git's diff3 style marks them.
/// </summary>
public sealed class AnswerText
{
    private const string HeadingStart = "# etcsync:";
    private const byte LineFeed = (byte)'\n';

    private static readonly (string Ancestor, string Ours, string Theirs) Names = ("base", "client", "upstream");
    private static readonly byte[] Middle = Encoding.ASCII.GetBytes(new string('=', TextMerge.MarkerLength));

    private readonly byte[] _body;
    private readonly int _middles;

    private AnswerText(byte[] heading, byte[] body, int middles) => (Content, _body, _middles) = ([.. heading, .. body], body, middles);

    /// <summary>The text to edit.</summary>
    public byte[] Content { get; }

    /// <summary>Puts it together. What only one side has is there as that side has it; there is nothing to mark then.</summary>
    /// <param name="ancestor">What both started from; null where it was not there.</param>
    /// <param name="client">The client's version.</param>
    /// <param name="upstream">Upstream's.</param>
    /// <param name="heading">The lines of the heading.</param>
    public static AnswerText Of(byte[]? ancestor, byte[]? client, byte[]? upstream, IEnumerable<string> heading)
    {
        var body = client is null || upstream is null ? client ?? upstream ?? [] : TextMerge.Marked(ancestor ?? [], client, upstream, Names);
        var top = string.Concat(heading.Select(line => $"{HeadingStart} {line}\n"));
        return new(Encoding.UTF8.GetBytes(top), body, new[] { ancestor, client, upstream }.Max(version => version is null ? 0 : Middles(version)));
    }

    /// <summary>The answer that a person made of it, and what is wrong with it.</summary>
    public (byte[] Answer, AnswerFault Fault) Read(byte[] edited)
    {
        var answer = WithoutHeading(edited);
        if (answer.AsSpan().SequenceEqual(_body)) return (answer, AnswerFault.Unchanged);
        if (answer.Length == 0) return (answer, AnswerFault.Empty);
        return (answer, HasMarks(answer, _middles) ? AnswerFault.Marked : AnswerFault.None);
    }

    /// <summary>Whether lines of a text are marks of a merge, ours or git's.</summary>
    public static bool HasMarks(byte[] text) => HasMarks(text, int.MaxValue);

    // A line of equals signs alone may be part of the file; it counts where there are more of them than any version has.
    private static bool HasMarks(byte[] text, int middles) => Middles(text) > middles
        || Lines(text).Any(line => IsMark(line, '<') || IsMark(line, '|') || IsMark(line, '>'));

    private static bool IsMark(ReadOnlyMemory<byte> line, char mark) =>
        line.Length > TextMerge.MarkerLength + 1 && line.Span[TextMerge.MarkerLength] == ' ' && line.Span[..TextMerge.MarkerLength].IndexOfAnyExcept((byte)mark) < 0;

    private static int Middles(byte[] text) => Lines(text).Count(line => line.Span.SequenceEqual(Middle));

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Array.IndexOf(text, LineFeed, start);
            if (end < 0) end = text.Length;
            yield return text.AsMemory(start, end - start);
            start = end + 1;
        }
    }

    private static byte[] WithoutHeading(byte[] text)
    {
        var start = 0;
        while (text.AsSpan(start).StartsWith(Encoding.ASCII.GetBytes(HeadingStart)))
        {
            var end = Array.IndexOf(text, LineFeed, start);
            start = end < 0 ? text.Length : end + 1;
        }

        return text[start..];
    }
}
