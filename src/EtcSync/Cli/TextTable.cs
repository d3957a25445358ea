using Spectre.Console;
using Spectre.Console.Rendering;

namespace EtcSync.Cli;

/// <summary>Lays tables out with Spectre.Console; only commands that show one load it.</summary>
internal static class TextTable
{
    /// <summary>Writes a table.</summary>
    public static void Write(TextWriter writer, bool color, int width, IReadOnlyList<string> headings, IReadOnlyCollection<Cell[]> rows)
    {
        var table = new Table { Border = TableBorder.None };
        // Names and ids are pasted: what is said about them can go on in the next line, as long as that leaves room for it.
        var isShort = rows.All(row => row[0].Text.Length <= width / 4);
        for (var i = 0; i < headings.Count; i++)
        {
            table.AddColumn(new TableColumn(new Text(headings[i], StyleOf(color, Tint.Strong)))
            {
                NoWrap = i == 0 && isShort,
                Padding = new Padding(0, 0, i == headings.Count - 1 ? 0 : 2, 0),
            });
        }

        foreach (var row in rows) table.AddRow(row.Select(cell => (IRenderable)new Text(Printable.Of(cell.Text), StyleOf(color, cell.Tint))));

        using var buffer = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Out = new Buffer(buffer, width),
            // Without, Spectre would tell Console the colours, which sends them to the terminal. Plain text has no sequences.
            Ansi = AnsiSupport.Yes,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            // Nothing of the environment is asked: what a table looks like depends on the arguments.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Write(table);
        // Columns are padded to their width, and lines that end in blanks are a nuisance in pipes.
        foreach (var line in buffer.ToString().TrimEnd('\n').Split('\n')) writer.WriteLine(line.TrimEnd());
    }

    // Spectre's own asks Console for its size, even where it writes to a buffer, and that prepares the terminal for reading keys.
    private sealed record Buffer(TextWriter Writer, int Width) : IAnsiConsoleOutput
    {
        public bool IsTerminal => false;

        public int Height => int.MaxValue;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }

    private static Style StyleOf(bool color, Tint tint) => tint switch
    {
        _ when !color => Style.Plain,
        Tint.Good => new(Spectre.Console.Color.Green),
        Tint.Notice => new(Spectre.Console.Color.Olive),
        Tint.Bad => new(Spectre.Console.Color.Maroon),
        Tint.Faint => new(decoration: Decoration.Dim),
        Tint.Strong => new(decoration: Decoration.Bold),
        _ => Style.Plain,
    };
}
