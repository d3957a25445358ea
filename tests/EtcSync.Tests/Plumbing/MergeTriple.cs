using System.Text;

namespace EtcSync.Tests.Plumbing;

/// <summary>
/// A tree and two that were made from it, the same for the same seed. Few names, few lines: so that the sides meet. No
/// .etckeeper, no .gitignore and no path that a shipped policy has a rule for. No two paths have a line in common: git
/// before 2.50 looks for renames in merges even when it is told not to, and must not find any.
/// </summary>
internal sealed record MergeTriple(FileTree Ancestor, FileTree Ours, FileTree Theirs)
{
    // "a", "d" and "d/s" are files here and directories there; "a-b" and "a.c" sort around "a/".
    private static readonly string[] Paths =
        ["a", "a/x", "a/y", "a-b", "a.c", "b", "c/x", "c/y", "c/z/u", "c/z/v", "d", "d/s", "d/s/t", "d/s/u", "e", "é/ü", "f g"];

    public static MergeTriple From(int seed)
    {
#pragma warning disable CA5394 // A test wants the same numbers for the same seed, not secret ones.
        var random = new Random(seed);
        var ancestor = new FileTree();
        foreach (var path in Paths)
        {
            if (random.Next(3) > 0) ancestor.Set(path, NewFile(random, path));
        }

        return new(ancestor, Change(random, ancestor), Change(random, ancestor));
    }

    public override string ToString() => $"base\n{Ancestor}\nours\n{Ours}\ntheirs\n{Theirs}";

    private static FileTree Change(Random random, FileTree from)
    {
        var tree = from.Copy();
        for (var steps = random.Next(1, 5); steps > 0; steps--)
        {
            var path = Paths[random.Next(Paths.Length)];
            var present = tree.Files.GetValueOrDefault(path);
            switch (random.Next(10))
            {
                case < 5 when present is not null && present.Mode != FileEntry.Link:
                    tree.Set(path, present with { Content = Edit(random, path, present.Content) });
                    break;
                case 5 when present is not null:
                    tree.Remove(path);
                    break;
                case 6 when present is not null && present.Mode != FileEntry.Link:
                    tree.Set(path, present with { Mode = present.Mode == FileEntry.Plain ? FileEntry.Executable : FileEntry.Plain });
                    break;
                case 7 when present is not null:
                    foreach (var below in tree.Files.Keys.Where(other => other.StartsWith(path[..1], StringComparison.Ordinal)).ToList()) tree.Remove(below);
                    break;
                default:
                    tree.Set(path, NewFile(random, path));
                    break;
            }
        }

        return tree;
    }

    private static FileEntry NewFile(Random random, string path) => random.Next(12) switch
    {
        0 => new(FileEntry.Link, Lines(random, path, 1)[..^1]),
        1 => new(FileEntry.Plain, [.. Lines(random, path, 3), 0, (byte)random.Next(3)]),
        2 => new(FileEntry.Executable, Lines(random, path, random.Next(9))),
        _ => new(FileEntry.Plain, Lines(random, path, random.Next(9))),
    };

    private static byte[] Lines(Random random, string path, int count) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(_ => Line(random, path))));

    private static string Line(Random random, string path) => $"{Array.IndexOf(Paths, path)}{(char)('a' + random.Next(4))}\n";

    private static byte[] Edit(Random random, string path, byte[] content)
    {
        if (content.Contains((byte)0)) return [.. content, (byte)random.Next(3)];
        var lines = Encoding.ASCII.GetString(content).Split('\n').SkipLast(1).Select(line => line + "\n").ToList();
        var at = random.Next(lines.Count + 1);
        if (at == lines.Count || random.Next(3) == 0) lines.Insert(at, Line(random, path));
        else if (random.Next(2) == 0) lines.RemoveAt(at);
        else lines[at] = Line(random, path);
        var text = string.Concat(lines);
        // Now and then the last line has no end.
        return Encoding.ASCII.GetBytes(random.Next(10) == 0 ? text.TrimEnd('\n') : text);
    }
#pragma warning restore CA5394
}
