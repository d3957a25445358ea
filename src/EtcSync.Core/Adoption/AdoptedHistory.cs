using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using EtcSync.Core.Git;

namespace EtcSync.Core.Adoption;

/// <summary>A name in somebody's repository, and the object it stands for.</summary>
/// <param name="Name">The full name, as "refs/heads/x".</param>
/// <param name="Id">The object.</param>
public sealed record NamedCommit(string Name, ObjectId Id);

/// <summary>Reads the texts of a git directory that its owner may have written to deceive (gitrepository-layout(5)). Pure; never throws.</summary>
public static partial class AdoptedHistory
{
    private const int LongestName = 200;
    private const int MostStashes = 200;
    private const string SymbolicPrefix = "ref: ";

    /// <summary>Whether a name can be taken over: a part of git-check-ref-format(1) that needs quoting nowhere.</summary>
    public static bool IsName(string name) =>
        name.Length <= LongestName && Name().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !name.Split('/').Any(part => part.EndsWith(".lock", StringComparison.Ordinal) || part.EndsWith('.'));

    /// <summary>What HEAD says: the branch that is checked out, or the commit where none is; neither where it is damaged.</summary>
    public static (string? Branch, ObjectId? Commit) ReadHead(ReadOnlySpan<byte> file)
    {
        var text = Encoding.Latin1.GetString(file).Trim();
        if (ObjectId.TryParse(text, out var id)) return (null, id);
        if (!text.StartsWith(SymbolicPrefix, StringComparison.Ordinal)) return (null, null);
        var name = text[SymbolicPrefix.Length..].Trim();
        return name.StartsWith("refs/heads/", StringComparison.Ordinal) && IsName(name) ? (name, null) : (null, null);
    }

    /// <summary>The names in a packed-refs; those that cannot be taken over are left out.</summary>
    public static ImmutableArray<NamedCommit> ReadPacked(ReadOnlySpan<byte> file)
    {
        var found = ImmutableArray.CreateBuilder<NamedCommit>();
        foreach (var line in Encoding.Latin1.GetString(file).Split('\n'))
        {
            if (line.Length > 41 && line[40] == ' ' && ObjectId.TryParse(line[..40], out var id) && IsName(line[41..])) found.Add(new(line[41..], id));
        }

        return found.ToImmutable();
    }

    /// <summary>The commits that the log of refs/stash names, the oldest first: each is a stash. Of very many the newest.</summary>
    public static ImmutableArray<ObjectId> ReadStashes(ReadOnlySpan<byte> log)
    {
        var found = ImmutableArray.CreateBuilder<ObjectId>();
        foreach (var line in Encoding.Latin1.GetString(log).Split('\n'))
        {
            if (line.Length > 82 && line[40] == ' ' && line[81] == ' ' && ObjectId.TryParse(line[41..81], out var id) && !found.Contains(id)) found.Add(id);
        }

        return found.Count <= MostStashes ? found.ToImmutable() : [.. found.Skip(found.Count - MostStashes)];
    }

    /// <summary>Whether an index has a path in several stages: a merge stopped there. Null where it cannot be read.</summary>
    /// <remarks>A conflict is what an index of versions 2 and 3 cannot be read for otherwise (gitformat-index).</remarks>
    public static bool? HasUnmergedPaths(ReadOnlySpan<byte> index)
    {
        if (index.IsEmpty) return false;
        if (GitIndex.TryParse(index, _ => null) is not null) return false;
        return index.Length > 12 && index.StartsWith("DIRC"u8) && index[7] is 2 or 3 ? true : null;
    }

    [GeneratedRegex(@"\Arefs/(?:stash|(?:heads|tags)(?:/[A-Za-z0-9_][A-Za-z0-9._+@-]*)+)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
