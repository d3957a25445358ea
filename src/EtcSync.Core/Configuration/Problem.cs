using System.Collections.Immutable;

namespace EtcSync.Core.Configuration;

/// <summary>Something that is wrong in a configuration file. Problems sort by file, line and key.</summary>
/// <param name="File">The file, as it was named to the loader.</param>
/// <param name="Line">The line, from 1; 0 where the problem is with the file as a whole.</param>
/// <param name="Key">The path of the key, such as <c>drift.settle</c> or <c>clients.pc01.mac</c>; empty for the file as a whole.</param>
/// <param name="Message">Whole sentences: what is wrong, and what would be right.</param>
public sealed record Problem(string File, int Line, string Key, string Message) : IComparable<Problem>
{
    /// <summary>Sorts and removes doubles.</summary>
    public static ImmutableArray<Problem> Sort(IEnumerable<Problem> problems) => [.. problems.Distinct().Order()];

    /// <inheritdoc/>
    public int CompareTo(Problem? other)
    {
        if (other is null) return 1;
        var order = string.CompareOrdinal(File, other.File);
        if (order == 0) order = Line.CompareTo(other.Line);
        if (order == 0) order = string.CompareOrdinal(Key, other.Key);
        return order != 0 ? order : string.CompareOrdinal(Message, other.Message);
    }

    /// <summary>The problem on one line: <c>file:line: key: message</c>.</summary>
    public override string ToString() => (Line, Key) switch
    {
        (0, _) => $"{File}: {Message}",
        (_, "") => $"{File}:{Line}: {Message}",
        _ => $"{File}:{Line}: {Key}: {Message}",
    };

    /// <summary>Before.</summary>
    public static bool operator <(Problem left, Problem right) => left.CompareTo(right) < 0;

    /// <summary>After.</summary>
    public static bool operator >(Problem left, Problem right) => left.CompareTo(right) > 0;

    /// <summary>Before or same.</summary>
    public static bool operator <=(Problem left, Problem right) => left.CompareTo(right) <= 0;

    /// <summary>After or same.</summary>
    public static bool operator >=(Problem left, Problem right) => left.CompareTo(right) >= 0;
}
