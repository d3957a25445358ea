using System.Text;

namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary>
/// A kind of file, told to the laws of its merger: real-looking files and edits of them. Knows of the format only what a reader of
/// its manual page does, and nothing of how the merger reads it. Text is Latin-1, so that it can hold any byte.
/// </summary>
public abstract class FileKind
{
    /// <summary>The name of the merger.</summary>
    public abstract string Merger { get; }

    /// <summary>Files from which both sides start.</summary>
    public abstract IReadOnlyList<string> Samples { get; }

    /// <summary>A file as long as real ones get, for measuring.</summary>
    public abstract string RealSize { get; }

    /// <summary>A new record: a line, or several, without the last newline. Keys are few, so that both sides come to add the same.</summary>
    public abstract string NewRecord(Random random);

    /// <summary>Another value for the record on this line, which has none of a newline; a line that is not a record is returned as it is.</summary>
    public abstract string Changed(string line, Random random);

    /// <summary>The key of the record on each line; null for comments and blank lines.</summary>
    public virtual IEnumerable<string?> Keys(IReadOnlyList<string> lines) => lines.Select(KeyOf);

    /// <summary>Whether the place of a line means so much that it must not be moved about by the test.</summary>
    public virtual bool Ordered => false;

    /// <summary>Comments of this kind of file.</summary>
    public virtual IReadOnlyList<string> Comments => ["# note", "#", "# changed by ops", "## caf\xe9 \xff\xfe"];

    /// <summary>The bytes of a text.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>The text of bytes.</summary>
    public static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The lines of a text without their terminators.</summary>
    public static List<string> Lines(string text)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>The key of the record on one line, for kinds in which it can be told from the line alone; null for comments and blank lines.</summary>
    protected virtual string? KeyOf(string line) => throw new NotSupportedException("Either Keys or KeyOf tells the keys.");

    /// <summary>One of them.</summary>
    protected static T Pick<T>(Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Whether the line is blank or a comment that begins with one of these characters.</summary>
    protected static bool IsTrivia(string line, string marks = "#") => line.Trim(' ', '\t', '\r') is var text && (text.Length == 0 || marks.Contains(text[0], StringComparison.Ordinal));
}
