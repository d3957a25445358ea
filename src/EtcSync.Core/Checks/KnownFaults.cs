using System.Collections.Immutable;

namespace EtcSync.Core.Checks;

/// <summary>Faults that are known already. A fault has a subject and names, and is known where all its names are those of one known fault of the subject.</summary>
internal sealed class KnownFaults
{
    private readonly Dictionary<(string Subject, string Name), List<ImmutableArray<string>>> _byName = [];

    /// <summary>Adds a fault.</summary>
    public void Add(string subject, ImmutableArray<string> names)
    {
        foreach (var name in names)
        {
            if (!_byName.TryGetValue((subject, name), out var faults)) _byName[(subject, name)] = faults = [];
            // A file can say the same wrong thing any number of times.
            if (names.Length > 1 || faults.Count == 0) faults.Add(names);
        }
    }

    /// <summary>Whether the fault is known.</summary>
    /// <param name="subject">Its subject.</param>
    /// <param name="names">Its names, sorted by their bytes.</param>
    public bool Contain(string subject, ImmutableArray<string> names) =>
        _byName.TryGetValue((subject, names[0]), out var faults) && faults.Exists(known => names.All(name => known.BinarySearch(name, StringComparer.Ordinal) >= 0));
}
