using System.Text;

namespace EtcSync.Core.Exports;

/// <summary>The words of a file in the syntax of exports(5): blanks between them, quotes and octal escapes undone, lines continued.</summary>
internal sealed class ExportsWords(string text)
{
    /// <summary>Where reading goes on.</summary>
    public int Position { get; private set; }

    /// <summary>The line there, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Whether everything was read.</summary>
    public bool IsAtEnd => Position >= text.Length;

    /// <summary>The next word of the line; null at its end, before the newline.</summary>
    public ExportsWord? Next()
    {
        var blankStart = Position;
        if (!SkipBlanks()) return null;
        var line = Line;
        var word = new StringBuilder();
        var isQuoted = false;
        while (!IsAtEnd && (isQuoted || !IsEndOfWord))
        {
            var c = Read();
            if (c == '"')
            {
                isQuoted = !isQuoted;
                continue;
            }

            word.Append(c);
            UndoEscape(word);
        }

        return new(word.ToString(), blankStart, Position, line, isQuoted);
    }

    /// <summary>Goes past the newline at the end of the line.</summary>
    public void SkipNewline()
    {
        if (IsAtEnd || text[Position] != '\n') return;
        Position++;
        Line++;
    }

    private bool IsEndOfWord => text[Position] == '\n' || IsContinued || IsBlank(text[Position]);

    private bool IsContinued => text[Position] == '\\' && Position + 1 < text.Length && text[Position + 1] == '\n';

    // To the next word; false at the end of the line. A comment begins only where a word could, and cannot be continued.
    private bool SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (text[Position] == '\n') return false;
            if (text[Position] == '#')
            {
                while (!IsAtEnd && text[Position] != '\n') Position++;
                return false;
            }

            if (!IsContinued && !IsBlank(text[Position])) return true;
            Read();
        }

        return false;
    }

    // A backslash at the end of a line, and the blanks that begin the next, are one blank.
    private char Read()
    {
        var isContinued = IsContinued;
        var c = text[Position++];
        if (c == '\n') Line++;
        if (!isContinued) return c;
        Position++;
        Line++;
        while (!IsAtEnd && text[Position] is ' ' or '\t') Position++;
        return ' ';
    }

    // What an escape stood for can begin another one: \134040 is a blank. So it is read there.
    private static void UndoEscape(StringBuilder word)
    {
        var start = word.Length - 4;
        if (start < 0 || word[start] != '\\' || !IsOctal(word[start + 1]) || !IsOctal(word[start + 2]) || !IsOctal(word[start + 3])) return;
        var code = ((word[start + 1] - '0') * 64) + ((word[start + 2] - '0') * 8) + (word[start + 3] - '0');
        if (code > 255) return;
        word.Length = start;
        word.Append((char)code);
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\v' or '\f';
}

/// <summary>A word of an exports file.</summary>
/// <param name="Text">What it says.</param>
/// <param name="BlankStart">Where the blanks before it begin.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Line">The line in which it begins.</param>
/// <param name="IsUnclosed">Whether the file ends inside its quotes.</param>
internal sealed record ExportsWord(string Text, int BlankStart, int End, int Line, bool IsUnclosed);
