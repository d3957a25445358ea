using EtcSync.Core.Mergers;
using EtcSync.Core.Tests.Mergers.Kinds;

namespace EtcSync.Core.Tests.Mergers;

/// <summary>A file and what the two sides made of it.</summary>
internal sealed record MergeScenario(FileKind Kind, byte[]? Base, byte[] Client, byte[] Upstream)
{
    public ContentVersions Versions => new(Base, Client, Upstream);

    public ContentVersions Swapped => new(Base, Upstream, Client);

    public static MergeScenario From(FileKind kind, int seed)
    {
        var random = new Random(seed);
        var start = kind.Samples[random.Next(kind.Samples.Count)];
        if (random.Next(8) == 0) start = start.ReplaceLineEndings("\r\n");
        if (random.Next(8) == 0) start = start.TrimEnd('\r', '\n');
        var (client, upstream) = (Edited(kind, start, random), Edited(kind, start, random));
        return new(kind, random.Next(12) == 0 ? null : FileKind.Bytes(start), FileKind.Bytes(client), FileKind.Bytes(upstream));
    }

    public override string ToString() =>
        $"\n--- base\n{(Base is null ? "(none)" : FileKind.Text(Base))}\n--- client\n{FileKind.Text(Client)}\n--- upstream\n{FileKind.Text(Upstream)}\n---\n";

    private static string Edited(FileKind kind, string text, Random random)
    {
        var ending = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var lines = FileKind.Lines(text);
        var complete = text.EndsWith('\n');
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(lines.Count + 1);
            var one = Math.Min(at, lines.Count - 1);
            switch (random.Next(16))
            {
                case 0 or 1 or 2 when lines.Count > 0:
                    lines[one] = kind.Changed(lines[one], random);
                    break;
                case 3 or 4:
                    lines.Insert(at, kind.NewRecord(random).ReplaceLineEndings(ending));
                    break;
                case 5 or 6:
                    lines.Add(kind.NewRecord(random).ReplaceLineEndings(ending));
                    break;
                case 7 or 8 when lines.Count > 0:
                    lines.RemoveAt(one);
                    break;
                case 9:
                    lines.Insert(at, kind.Comments[random.Next(kind.Comments.Count)]);
                    break;
                case 10:
                    lines.Insert(at, "");
                    break;
                case 11 when lines.Count > 0 && lines[one].Length > 0 && lines[one][0] is not (' ' or '\t'):
                    lines[one] = "#" + lines[one];
                    break;
                case 12 when lines.Count > 0 && !kind.Ordered:
                    var moved = lines[one];
                    lines.RemoveAt(one);
                    lines.Insert(random.Next(lines.Count + 1), moved);
                    break;
                case 13 when lines.Count > 0 && random.Next(3) == 0:
                    lines.Insert(at, lines[one]);
                    break;
                case 14 when random.Next(3) == 0:
                    complete = !complete;
                    break;
                case 15 when random.Next(4) == 0:
                    ending = ending == "\n" ? "\r\n" : "\n";
                    lines = [.. lines.Select(line => line.ReplaceLineEndings(ending))];
                    break;
            }
        }

        return string.Join(ending, lines) + (complete && lines.Count > 0 ? ending : "");
    }
}
