using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Git;

namespace EtcSync.Core.Ignore;

/// <summary>
/// The <c>.gitignore</c> files of a tree, and what they say about its paths: the same as <c>git check-ignore
/// --no-index</c> without an <c>info/exclude</c> and a <c>core.excludesFile</c> (gitignore(5)).
/// </summary>
/// <remarks>
/// Paths and directories are relative to the top of the tree, with <c>/</c> between and none at either end, as
/// <see cref="GitName"/> decodes them. A malformed pattern is no error: it matches nothing, as in git.
/// </remarks>
public sealed class IgnoreRules
{
    private readonly IgnoreFile? _top;
    private readonly ImmutableDictionary<string, IgnoreFile> _below;

    private IgnoreRules(IgnoreFile? top, ImmutableDictionary<string, IgnoreFile> below)
    {
        _top = top;
        _below = below;
    }

    /// <summary>No rules: nothing is ignored.</summary>
    public static IgnoreRules None { get; } = new(null, ImmutableDictionary.Create<string, IgnoreFile>(StringComparer.Ordinal));

    /// <summary>
    /// Adds the <c>.gitignore</c> of one directory (<c>""</c> is the top), in place of an earlier one of the same directory. Its
    /// rules apply below that directory only, and before those of the directories above. git does not read the file
    /// of a directory that is ignored; whether to add it is the caller's decision.
    /// </summary>
    public IgnoreRules With(string directory, ReadOnlySpan<byte> gitignore)
    {
        if (directory.Length == 0) return new IgnoreRules(IgnoreFile.Parse(gitignore, below: 0), _below);
        var file = IgnoreFile.Parse(gitignore, below: GitName.Encode(directory).Length + 1);
        return new IgnoreRules(_top, _below.SetItem(directory, file));
    }

    /// <summary>
    /// The verdict on this very path, given that no directory above it is ignored: for a walk that does not enter ignored
    /// directories.
    /// </summary>
    public IgnoreVerdict Decide(string path, bool isDirectory) => DecidingRule(path, isDirectory) switch
    {
        null => IgnoreVerdict.Unmatched,
        { IsNegated: true } => IgnoreVerdict.Kept,
        _ => IgnoreVerdict.Ignored,
    };

    /// <summary>Whether the path is ignored, by a rule for itself or for a directory above it (which nothing below can undo).</summary>
    public bool IsIgnored(string path, bool isDirectory)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (Decide(path[..slash], isDirectory: true) == IgnoreVerdict.Ignored) return true;
        }

        return Decide(path, isDirectory) == IgnoreVerdict.Ignored;
    }

    /// <summary>The rule behind <see cref="Decide"/>: the last that matches in the deepest file that has one.</summary>
    internal IgnoreRule? DecidingRule(string path, bool isDirectory)
    {
        // The top itself has no name to match.
        if (path.Length == 0 || (_top is null && _below.IsEmpty)) return null;
        Span<byte> buffer = stackalloc byte[512];
        var isShortAscii = Ascii.FromUtf16(path, buffer, out var length) == System.Buffers.OperationStatus.Done;
        ReadOnlySpan<byte> name = isShortAscii ? buffer[..length] : GitName.Encode(path);

        if (!_below.IsEmpty)
        {
            for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (_below.TryGetValue(path[..end], out var file) && file.DecidingRule(name, isDirectory) is { } rule) return rule;
            }
        }

        return _top?.DecidingRule(name, isDirectory);
    }
}
