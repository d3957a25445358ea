namespace EtcSync.Core.Configuration;

/// <summary>Finds what a mistyped word was probably meant to be.</summary>
public static class Suggestion
{
    /// <summary>The candidate that begins with the word, or the nearest one within about a third of the word's length in typing slips, or null.</summary>
    public static string? For(string word, IReadOnlyCollection<string> candidates)
    {
        // A word far longer than any candidate is not a slip; the bound also keeps the table small.
        if (word.Length is 0 or > 64) return null;
        var limit = Math.Max(1, word.Length / 3);
        // What is cut short ('info') is a slip of another kind.
        if (word.Length >= 3 && candidates.FirstOrDefault(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase)) is { } whole) return whole;
        return candidates.Select(candidate => (candidate, distance: Distance(word.ToLowerInvariant().Replace('_', '-'), candidate)))
            .Where(pair => pair.distance <= limit)
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate).FirstOrDefault();
    }

    /// <summary>" Did you mean 'x'?", or a list of all candidates where none is near.</summary>
    internal static string Sentence(string word, IReadOnlyCollection<string> candidates, string plural) => For(word, candidates) is { } near
        ? $" Did you mean '{near}'?"
        : $" {plural}: {string.Join(", ", candidates)}.";

    // Optimal string alignment: insertions, deletions, replacements, swaps of neighbours (Damerau 1964).
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) table[i, j] = Math.Min(table[i, j], 1 + table[i - 2, j - 2]);
            }
        }

        return table[a.Length, b.Length];
    }
}
