using System.Collections.Immutable;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>
/// A file in the syntax of exports(5), as nfs-utils reads it (support/nfs/exports.c and xio.c there): <c>/etc/exports</c>, what is in
/// <c>/etc/exports.d</c>, and the table <c>/var/lib/nfs/etab</c>. Nothing is lost: the lines' texts put together are the file.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Lines">Its lines.</param>
public sealed record ExportsFile(string Path, ImmutableArray<ExportLine> Lines)
{
    /// <summary>All that it exports, in its order.</summary>
    public IEnumerable<ExportEntry> Entries => Lines.SelectMany(line => line.Clients).Select(client => client.Entry);

    /// <summary>The file as it was read.</summary>
    public string Text => string.Concat(Lines.Select(line => line.Text));

    /// <summary>Reads a file. Never throws; what exportfs would not take is in <see cref="ExportLine.Problem"/>, and what it seems to export is listed nevertheless.</summary>
    public static ExportsFile Parse(ForeignFile file) => new(file.Path, new ExportsParser(file).Lines());

    /// <summary>The text without some entries: lines of which nothing is left go, every other byte stays.</summary>
    public string Without(Func<ExportEntry, bool> isUnwanted) => string.Concat(Lines.Select(line => line.Without(isUnwanted)));
}
