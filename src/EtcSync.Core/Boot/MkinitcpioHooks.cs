using System.Buffers;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace EtcSync.Core.Boot;

/// <summary>
/// The HOOKS of a mkinitcpio.conf(5): which steps build an initial file system. It is a bash script, of which only the plain forms are
/// understood, <c>HOOKS=(base udev …)</c> and <c>HOOKS="base udev …"</c>; everything around the words stays to the byte.
/// </summary>
public sealed partial record MkinitcpioHooks
{
    private static readonly SearchValues<char> Shell = SearchValues.Create("$`\\#'\"(;&|");

    private readonly string _before;
    private readonly string _after;

    private MkinitcpioHooks(string before, ImmutableArray<string> words, string after) => (_before, Words, _after) = (before, words, after);

    /// <summary>The hooks, in order.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>Whether systemd runs the initial file system.</summary>
    public bool IsSystemd => Words.Contains("systemd");

    /// <summary>Finds the hooks that count, the last ones. Null where there are none, or they are not plain.</summary>
    /// <param name="text">The file's bytes as Latin-1.</param>
    public static MkinitcpioHooks? Find(string text)
    {
        if (Added().IsMatch(text)) return null;
        if (Assigned().Matches(text) is not { Count: > 0 } found) return null;
        var words = found[^1].Groups["words"];
        return words.Value.AsSpan().ContainsAny(Shell)
            ? null
            : new(text[..words.Index], [.. words.Value.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)], text[(words.Index + words.Length)..]);
    }

    /// <summary>Whether a file says anything of hooks, in a form that is understood or not.</summary>
    public static bool AreIn(string text) => Any().IsMatch(text);

    /// <summary>
    /// The same with our hook at the end, in place of those that did a part of its work (overlayfs, etc), and with the network where
    /// systemd does not bring it.
    /// </summary>
    public MkinitcpioHooks WithOurs()
    {
        var words = Words.RemoveAll(word => word is "overlayfs" or "etc" or "etcsync" or "sd-etcsync");
        if (!IsSystemd && !words.Contains("net"))
        {
            var at = words.IndexOf("filesystems");
            words = words.Insert(at < 0 ? words.Length : at, "net");
        }

        return new(_before, words.Add(IsSystemd ? "sd-etcsync" : "etcsync"), _after);
    }

    /// <summary>The same without <c>autodetect</c>, which leaves out what the machine that builds does not need itself.</summary>
    public MkinitcpioHooks ForAllMachines() => new(_before, Words.RemoveAll(word => word == "autodetect"), _after);

    /// <summary>The file's text with these hooks.</summary>
    public string ToText() => $"{_before}{string.Join(' ', Words)}{_after}";

    /// <summary>Whether it has the same hooks.</summary>
    public bool Equals(MkinitcpioHooks? other) => other is not null && Words.SequenceEqual(other.Words, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Words.Length;

    [GeneratedRegex("""^[ \t]*HOOKS=(\((?<words>[^)]*)\)|"(?<words>[^"\n]*)"|'(?<words>[^'\n]*)')""", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"^[ \t]*HOOKS\+=", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Added();

    [GeneratedRegex(@"^[ \t]*HOOKS\+?=", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Any();
}
