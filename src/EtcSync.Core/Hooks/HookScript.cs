using System.Text;

namespace EtcSync.Core.Hooks;

/// <summary>
/// A git hook that may have our block at its end. Everything else in it is somebody else's, and stays as it is to the byte. Pure.
/// </summary>
/// <remarks>
/// The block stands at the end, because what etckeeper's own hook adds to the commit has to be there before anybody looks at it.
/// It is never reached by a hook that always ends before its last line, and no shell reads it in one that is no shell script: both
/// are refused (<see cref="Refusal"/>).
/// </remarks>
public sealed class HookScript
{
    private const string Begin = "# >>> etcsync: written by 'etcsync hook install', taken away by 'etcsync hook remove'";
    private const string End = "# <<< etcsync";
    private const string Alone = "# There was no hook before: the file goes with this block.";
    private const string NewHook = "#!/bin/sh\n";
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "ksh", "mksh"];

    private readonly string _before;
    private readonly string? _block;
    private readonly string _after;

    private HookScript(string before, string? block, string after) => (_before, _block, _after) = (before, block, after);

    /// <summary>Where there is no hook yet.</summary>
    public static HookScript None { get; } = new("", null, "");

    /// <summary>Whether our block is in it.</summary>
    public bool HasBlock => _block is not null;

    /// <summary>Whether nothing is in it but our block, so that it goes when the block goes.</summary>
    public bool IsOurs => _block is not null && _before == NewHook && _after.Length == 0 && _block.Contains(Alone, StringComparison.Ordinal);

    /// <summary>Whether the block in it refuses commits.</summary>
    public bool Enforces => _block?.Contains(" --enforce ", StringComparison.Ordinal) ?? false;

    /// <summary>Why the block cannot be put at its end: a sentence; null where it can.</summary>
    public string? Refusal
    {
        get
        {
            if (_before.Length == 0) return null;
            if (!IsShellScript()) return "It is no shell script (its first line names another program, or none).";
            var last = (_before + _after).Split('\n').Select(line => line.TrimEnd('\r')).LastOrDefault(line => line.Trim() is { Length: > 0 } text && text[0] != '#');
            var word = last?.Split([' ', '\t', ';'], 2)[0];
            return word is "exec" or "exit" ? $"It always ends at its last line, '{last}', so that nothing behind it is run. Write the command without 'exec', or take the 'exit' away." : null;
        }
    }

    /// <summary>Reads a hook.</summary>
    public static HookScript Parse(ReadOnlySpan<byte> content)
    {
        // A byte is a character: nothing is lost, whatever it is encoded in.
        var text = Encoding.Latin1.GetString(content);
        var begin = text.IndexOf("\n" + Begin + "\n", StringComparison.Ordinal);
        var end = begin < 0 ? -1 : text.IndexOf("\n" + End + "\n", begin, StringComparison.Ordinal);
        if (end < 0) return new(text, null, "");
        end += End.Length + 2;
        return new(text[..begin], text[begin..end], text[end..]);
    }

    /// <summary>It with our block, in place of one that is there.</summary>
    /// <param name="program">The program, as a shell finds it.</param>
    /// <param name="command">The command that looks at the commit; it returns 2 where a commit brings conflicts.</param>
    public HookScript Warning(string program, string command) => With(program, $"\t{command} || :\n");

    /// <summary>It with our block, which refuses commits that bring conflicts.</summary>
    /// <param name="program">The program, as a shell finds it.</param>
    /// <param name="command">The command that looks at the commit; it returns 2 where a commit brings conflicts.</param>
    public HookScript Enforcing(string program, string command) => With(program, $"\t{command} --enforce || test $? -ne 2 || exit 1\n");

    /// <summary>It as it was before our block came.</summary>
    public HookScript Without() => _block is null ? this : IsOurs ? None : new(_before + _after, null, "");

    /// <summary>Its content.</summary>
    public byte[] ToBytes() => Encoding.Latin1.GetBytes(_before + _block + _after);

    private HookScript With(string program, string line)
    {
        var before = _before.Length == 0 ? NewHook : _before;
        var alone = _before.Length == 0 || IsOurs ? Alone + "\n" : "";
        // A hook ends with the code of its last command; and where the program is not installed, as inside the shared root, there is nothing to ask.
        var block = $"\n{Begin}\n{alone}etcsync_status=$?\ntest \"$etcsync_status\" -eq 0 || exit \"$etcsync_status\"\nif command -v {program} >/dev/null 2>&1; then\n{line}fi\n{End}\n";
        return new(before, block, _after);
    }

    private bool IsShellScript()
    {
        var first = _before.Split('\n', 2)[0].TrimEnd('\r');
        if (!first.StartsWith("#!", StringComparison.Ordinal)) return false;
        var words = first[2..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var name = words.Length == 0 ? "" : words[0].Split('/')[^1];
        if (name == "env") name = words.Skip(1).FirstOrDefault(word => !word.StartsWith('-')) ?? "";
        return Shells.Contains(name, StringComparer.Ordinal);
    }
}
