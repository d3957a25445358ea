using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>An account file, line by line.</summary>
internal sealed class AccountTable
{
    private readonly Dictionary<string, AccountLine> _byName = new(StringComparer.Ordinal);

    private AccountTable(AccountFile file, ImmutableArray<AccountLine> lines, bool endsWithNewline)
    {
        (File, Lines, EndsWithNewline) = (file, lines, endsWithNewline);
        var problems = ImmutableArray.CreateBuilder<AccountProblem>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] is { IsRecord: true } line)
            {
                if (!_byName.TryAdd(line.Name, line)) problems.Add(new(i + 1, line.Name, $"is the second one for '{FileText.Printable(line.Name)}'"));
            }
            else if (Fault(file, lines[i].Text) is { } fault)
            {
                problems.Add(new(i + 1, lines[i].Text, fault));
            }
        }

        Problems = problems.ToImmutable();
    }

    public AccountFile File { get; }

    public ImmutableArray<AccountLine> Lines { get; }

    /// <summary>Whether the last line has an end.</summary>
    public bool EndsWithNewline { get; }

    /// <summary>Lines that are wrong, in their order; empty where the file is understood.</summary>
    public ImmutableArray<AccountProblem> Problems { get; }

    /// <summary>The records, the first of a name only.</summary>
    public IEnumerable<AccountLine> Records => _byName.Values;

    public static AccountTable Read(AccountFile file, ReadOnlySpan<byte> content)
    {
        var lines = ImmutableArray.CreateBuilder<AccountLine>();
        var text = FileText.Decode(content);
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            // The last line without an end is one like the others; that it has none is said of the file, for it can move.
            var (line, ending) = end < 0 ? (text[at..], lines.Count > 0 ? lines[^1].Ending : "\n") : (text[at..end], "\n");
            if (end >= 0 && line.EndsWith('\r')) (line, ending) = (line[..^1], "\r\n");
            lines.Add(new(line, ending, FieldsOf(file, line)));
            at = end < 0 ? text.Length : end + 1;
        }

        return new(file, lines.ToImmutable(), text.Length == 0 || text[^1] == '\n');
    }

    public static AccountTable Of(AccountFile file, IEnumerable<AccountLine> lines, bool endsWithNewline) => new(file, [.. lines], endsWithNewline);

    public byte[] Write()
    {
        var text = new StringBuilder();
        // An empty line is nothing but its end.
        for (var i = 0; i < Lines.Length; i++) text.Append(Lines[i].Text).Append(i < Lines.Length - 1 || EndsWithNewline || Lines[i].Text.Length == 0 ? Lines[i].Ending : "");
        return FileText.Encode(text.ToString());
    }

    public AccountLine? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The same file with some records changed; the order stays.</summary>
    public AccountTable With(Func<AccountLine, AccountLine> change) => new(File, [.. Lines.Select(line => line.IsRecord ? change(line) : line)], EndsWithNewline);

    private static ImmutableArray<string> FieldsOf(AccountFile file, string line) => !IsOther(line) && Fault(file, line) is null ? [.. line.Split(':')] : default;

    // Comments are not in passwd(5), but people write them; + and - are for NIS (nsswitch.conf, compat).
    private static bool IsOther(string line) => string.IsNullOrWhiteSpace(line) || line[0] is '#' or '+' or '-';

    private static string? Fault(AccountFile file, string line)
    {
        if (line.Contains('\0', StringComparison.Ordinal)) return "has a zero byte";
        if (IsOther(line)) return null;
        var fields = line.Split(':');
        if (fields.Length != file.FieldNames.Length) return $"has {fields.Length} fields instead of {file.FieldNames.Length}";
        if (fields[0].Length == 0 || fields[0].Any(c => char.IsWhiteSpace(c) || c is ',' or '/')) return "has no proper name";
        if (!file.HasIds) return null;
        if (!AccountLine.TryReadId(fields[AccountFile.IdField], out _)) return $"has no number as {file.FieldNames[AccountFile.IdField]}";
        return file == AccountFile.Passwd && !AccountLine.TryReadId(fields[AccountFile.PrimaryGroupField], out _) ? "has no number as group id" : null;
    }
}

/// <summary>A line that is wrong.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Text">What tells it from others: not for people to see.</param>
/// <param name="What">What is wrong with it: the end of a sentence that begins with the line.</param>
internal sealed record AccountProblem(int Line, string Text, string What);
