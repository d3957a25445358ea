using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EtcSync.Cli;

/// <summary>What a piece of text means, for its colour.</summary>
internal enum Tint
{
    /// <summary>Nothing special.</summary>
    None,

    /// <summary>In order.</summary>
    Good,

    /// <summary>Under way, or a person may want to look.</summary>
    Notice,

    /// <summary>A person is needed, or something failed.</summary>
    Bad,

    /// <summary>Less important.</summary>
    Faint,

    /// <summary>A heading.</summary>
    Strong,
}

/// <summary>A cell of a table.</summary>
internal readonly record struct Cell(string Text, Tint Tint = Tint.None)
{
    /// <summary>A cell without colour.</summary>
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>Writes results or notices: lines, tables, JSON. Every text is made printable here, once.</summary>
internal sealed class Output(TextWriter writer, bool color, int width)
{
    private const string Reset = "\e[0m";

    /// <summary>Whether colours are shown.</summary>
    public bool Color => color;

    /// <summary>The width of tables.</summary>
    public int Width => width;

    /// <summary>Writes a line.</summary>
    public void Line(string text = "", Tint tint = Tint.None) => writer.WriteLine(Paint(Printable.Of(text), tint));

    /// <summary>Writes a text of several lines.</summary>
    public void Lines(string text, Tint tint = Tint.None)
    {
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')) Line(line, tint);
    }

    /// <summary>Writes a line that begins with a word in colour.</summary>
    public void Line(string word, Tint tint, string rest) => writer.WriteLine(Paint(Printable.Of(word), tint) + Printable.Of(rest));

    /// <summary>Writes a line whose parts were made printable and painted.</summary>
    public void Painted(string line) => writer.WriteLine(line);

    /// <summary>Writes a table without borders, a heading above each column. Long cells are continued on the next line, never cut.</summary>
    public void Table(IReadOnlyList<string> headings, IReadOnlyCollection<Cell[]> rows) => TextTable.Write(writer, color, width, headings, rows);

    /// <summary>Writes JSON.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type) => writer.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Writes a line of a file; tabs stay.</summary>
    public void FileLine(string line, Tint tint) => writer.WriteLine(Paint(Printable.OfIndented(line), tint));

    /// <summary>Writes the lines of a unified diff.</summary>
    public void Difference(IEnumerable<string> lines)
    {
        foreach (var line in lines) FileLine(line, line.Length == 0 ? Tint.None : line[0] switch { '+' => Tint.Good, '-' => Tint.Bad, '@' => Tint.Notice, _ => Tint.None });
    }

    /// <summary>Writes text as it is, where a program reads it.</summary>
    public void Raw(string text) => writer.Write(text);

    /// <summary>The text in colour.</summary>
    public string Paint(string text, Tint tint) => color && text.Length > 0 && Code(tint) is { } code ? code + text + Reset : text;

    private static string? Code(Tint tint) => tint switch
    {
        Tint.Good => "\e[32m",
        Tint.Notice => "\e[33m",
        Tint.Bad => "\e[31m",
        Tint.Faint => "\e[2m",
        Tint.Strong => "\e[1m",
        _ => null,
    };
}
