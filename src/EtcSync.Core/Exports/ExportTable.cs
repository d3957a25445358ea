using System.Collections.Immutable;

namespace EtcSync.Core.Exports;

/// <summary>What a server exports, compared with what it should.</summary>
/// <param name="Missing">What it should export and does not.</param>
/// <param name="Different">What it exports with other options, as it has them.</param>
/// <param name="Strange">What it exports of the places compared, and should not.</param>
public sealed record ExportTable(ImmutableArray<ExportEntry> Missing, ImmutableArray<(ExportEntry Entry, string Options)> Different, ImmutableArray<ExportEntry> Strange)
{
    /// <summary>Whether nothing is otherwise than it should be.</summary>
    public bool IsAsMeant => Missing.IsEmpty && Different.IsEmpty && Strange.IsEmpty;

    /// <summary>Compares a table of exports with what is meant.</summary>
    /// <param name="meant">What should be in it; paths without links, as the table has them.</param>
    /// <param name="table">The table.</param>
    /// <param name="places">What only may be in it as it is meant.</param>
    public static ExportTable Compare(IEnumerable<ExportEntry> meant, IEnumerable<ExportEntry> table, GuardedDirectories places)
    {
        var wanted = new Dictionary<(string, ExportClient), ExportEntry>();
        foreach (var entry in meant) wanted.TryAdd(Key(entry), entry);
        var different = ImmutableArray.CreateBuilder<(ExportEntry, string)>();
        var strange = ImmutableArray.CreateBuilder<ExportEntry>();
        foreach (var entry in table)
        {
            if (wanted.Remove(Key(entry), out var should))
            {
                var other = EffectiveOptions.Of(entry.Options).OtherThan(EffectiveOptions.Of(should.Options)).ToList();
                if (other.Count > 0) different.Add((should, string.Join(',', other)));
            }
            else if (places.IsOpenedBy(entry.Directory))
            {
                strange.Add(entry);
            }
        }

        return new([.. wanted.Values], different.ToImmutable(), strange.ToImmutable());
    }

    /// <summary>
    /// What a kernel still lets clients do that the table does not. Each entry of <c>/proc/fs/nfsd/exports</c> is for a set of clients that
    /// mountd tells apart, named by all exports that any of them has, or by one address after '$'; those of NFSv4's way to the exports are left out, and those without options, which say that there is no such export.
    /// </summary>
    public static ImmutableArray<ExportEntry> Leftover(IEnumerable<ExportEntry> kernel, IEnumerable<ExportEntry> table, GuardedDirectories places)
    {
        var byDirectory = table.ToLookup(entry => entry.Directory, StringComparer.Ordinal);
        return [.. kernel.Where(entry => !entry.Options.IsEmpty && !entry.Options.Contains("v4root") && places.IsOpenedBy(entry.Directory) && !IsAllowed(entry, byDirectory))];
    }

    // What is mounted in an export with crossmnt counts as that export.
    private static bool IsAllowed(ExportEntry entry, ILookup<string, ExportEntry> byDirectory)
    {
        var names = entry.Client.Split(',').Select(name => name.TrimStart('$')).ToList();
        foreach (var at in GuardedDirectories.Above(entry.Directory).Prepend(entry.Directory))
        {
            foreach (var allowed in byDirectory[at])
            {
                var client = ExportClient.Parse(allowed.Client);
                if (names.Exists(name => name == allowed.Client || ExportClient.Parse(name) is var named && (named == client || (named.Single is { } address && client.Covers(address)))))
                    return !EffectiveOptions.Of(entry.Options).IsWritable || EffectiveOptions.Of(allowed.Options).IsWritable;
            }
        }

        return false;
    }

    private static (string, ExportClient) Key(ExportEntry entry) => (entry.Directory, ExportClient.Parse(entry.Client));
}
