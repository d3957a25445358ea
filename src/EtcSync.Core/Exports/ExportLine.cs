using System.Collections.Immutable;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>One line of an exports file, with the lines that continue it.</summary>
/// <param name="Number">The number of its first line, from 1.</param>
/// <param name="Text">All its bytes, the newline at its end with them.</param>
/// <param name="Clients">Whom it exports to; none for an empty line or a comment.</param>
/// <param name="Problem">Why <c>exportfs</c> stops reading the file here, in a whole sentence; null where it does not.</param>
public sealed record ExportLine(int Number, string Text, ImmutableArray<ExportLineClient> Clients, string? Problem)
{
    /// <summary>The line without some of its clients; empty where none is left, because a path alone is exported to everybody.</summary>
    public string Without(Func<ExportEntry, bool> isUnwanted)
    {
        ImmutableArray<ExportEntry> wanted = [.. Clients.Select(client => client.Entry).Where(entry => !isUnwanted(entry))];
        if (wanted.Length == Clients.Length) return Text;
        if (wanted.IsEmpty) return "";

        // Default options with nobody after them are for everybody, and two of them in a row make a client of the second.
        var cut = Cut(wanted);
        var left = ExportsFile.Parse(new ForeignFile(wanted[0].File, cut)).Entries;
        return left.Select(entry => entry with { Line = 0 }).SequenceEqual(wanted.Select(entry => entry with { Line = 0 })) ? cut : string.Concat(wanted.Select(entry => entry + "\n"));
    }

    private string Cut(ImmutableArray<ExportEntry> wanted)
    {
        var text = Text;
        var isLast = true;
        foreach (var client in Clients.AsEnumerable().Reverse())
        {
            if (wanted.Contains(client.Entry)) isLast = false;
            else text = text[..(isLast ? client.DefaultsStart : client.Start)] + text[client.End..];
        }

        return text;
    }
}

/// <summary>One client of a line. Places are in the line's text.</summary>
/// <param name="Entry">What it is exported.</param>
/// <param name="DefaultsStart">Where the default options right before it begin, with the blanks before them.</param>
/// <param name="Start">Where its own word begins, with the blanks before it.</param>
/// <param name="End">Where its word ends.</param>
public sealed record ExportLineClient(ExportEntry Entry, int DefaultsStart, int Start, int End);
