using System.Collections.Concurrent;
using EtcSync.Core.Accounts;
using EtcSync.Core.Git;

namespace EtcSync.Clients;

/// <summary>Parsed account files by blob id: most clients share them.</summary>
internal static class AccountNamesCache
{
    private const int Capacity = 256;
    private static readonly ConcurrentDictionary<ObjectId, AccountNames> Parsed = new();

    public static AccountNames Of(IObjectReader objects, ObjectId blob)
    {
        if (Parsed.TryGetValue(blob, out var known)) return known;
        if (Parsed.Count >= Capacity) Parsed.Clear();
        return Parsed.GetOrAdd(blob, static (id, reader) => AccountNames.Parse(reader.ReadBlob(id)), objects);
    }
}
