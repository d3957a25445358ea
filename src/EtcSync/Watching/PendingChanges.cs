using System.Collections.Immutable;

namespace EtcSync.Watching;

/// <summary>
/// Changes that wait until it has been quiet for a while, one entry a key; a key that is never quiet comes up after a
/// limit all the same. Times are moments of any clock that only moves forward.
/// </summary>
internal sealed class PendingChanges<TKey>(TimeSpan quiet, TimeSpan longest)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> _entries = [];
    private long _arrivals;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Notes a change.</summary>
    public void Touch(TKey key, TimeSpan now) =>
        _entries[key] = _entries.TryGetValue(key, out var entry) ? entry with { Last = now } : new(_arrivals++, now, now);

    /// <summary>Forgets a key's changes.</summary>
    public void Remove(TKey key) => _entries.Remove(key);

    /// <summary>When the next key is due; null where nothing waits.</summary>
    public TimeSpan? NextDue() => _entries.Count == 0 ? null : _entries.Values.Min(Due);

    /// <summary>Removes what is due and returns it, in the order in which it came.</summary>
    public ImmutableArray<TKey> TakeDue(TimeSpan now)
    {
        var due = _entries.Where(entry => Due(entry.Value) <= now).OrderBy(entry => entry.Value.Arrival).Select(entry => entry.Key).ToImmutableArray();
        foreach (var key in due) _entries.Remove(key);
        return due;
    }

    private TimeSpan Due(Entry entry)
    {
        var settled = entry.Last + quiet;
        var latest = entry.First + longest;
        return settled < latest ? settled : latest;
    }

    private readonly record struct Entry(long Arrival, TimeSpan First, TimeSpan Last);
}
