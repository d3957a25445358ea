using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Git;

namespace EtcSync.Core.Etckeeper;

/// <summary>
/// Reads a <c>.etckeeper</c>, a shell script in form, as what it is: a list. Nothing is run or expanded. The lines are
/// those of etckeeper's pre-commit.d/30store-metadata, of this and of older versions, with or without "maybe".
/// </summary>
internal ref struct EtckeeperParser
{
    // A client may have written the file: what is kept of nonsense is bounded.
    private const int MostRejected = 1000;
    private const int LongestRejected = 200;

    private readonly ImmutableArray<EtckeeperRecord>.Builder _records;
    private readonly List<string> _emptyDirectories = [];
    private readonly List<RejectedLine> _rejected = [];
    private EtckeeperSpelling? _spelling;
    private bool _sorted = true;

    // The record that the last lines were about; chown, chgrp and chmod of a path follow one another.
    private ReadOnlySpan<byte> _path;
    private int? _mode;
    private string? _owner;
    private string? _group;

    private EtckeeperParser(int size) => _records = ImmutableArray.CreateBuilder<EtckeeperRecord>((size / 40) + 4);

    /// <summary>Reads the content.</summary>
    public static EtckeeperFile Parse(ReadOnlySpan<byte> content)
    {
        var parser = new EtckeeperParser(content.Length);
        for (var number = 1; !content.IsEmpty; number++)
        {
            var end = content.IndexOf((byte)'\n');
            var line = end < 0 ? content : content[..end];
            content = end < 0 ? [] : content[(end + 1)..];
            if (!parser.TryReadLine(line)) parser.Reject(number, line);
        }

        return parser.Finish();
    }

    private bool TryReadLine(ReadOnlySpan<byte> line)
    {
        var rest = ShellWord.SkipBlanks(line);
        if (rest.IsEmpty || rest[0] == '#') return true;
        if (rest.StartsWith("mkdir -p "u8)) return TryReadEmptyDirectory(rest["mkdir -p "u8.Length..]);
        if (rest.StartsWith("maybe "u8)) rest = ShellWord.SkipBlanks(rest["maybe "u8.Length..]);
        var command = rest;
        if (rest.Length < 6 || rest[5] != ' ') return false;
        rest = ShellWord.SkipBlanks(rest[6..]);
        if (!ShellWord.TryTake(ref rest, out var value) || !ShellWord.TryTake(ref rest, out var path) || !rest.IsEmpty) return false;
        if (!TryReadPath(path, out path, out var spelling)) return false;

        if (command.StartsWith("chmod"u8))
        {
            if (ReadMode(value) is not { } mode) return false;
            Turn(path, spelling);
            _mode = mode;
            return true;
        }

        var name = GitName.Decode(value);
        if (!EtckeeperRecord.IsName(name)) return false;
        if (command.StartsWith("chown"u8))
        {
            Turn(path, spelling);
            _owner = name;
            return true;
        }

        if (!command.StartsWith("chgrp"u8)) return false;
        Turn(path, spelling);
        _group = name;
        return true;
    }

    private readonly bool TryReadEmptyDirectory(ReadOnlySpan<byte> rest)
    {
        rest = ShellWord.SkipBlanks(rest);
        if (!ShellWord.TryTake(ref rest, out var path) || !rest.IsEmpty || !TryReadPath(path, out path, out _)) return false;
        if (path.SequenceEqual("."u8)) return false;
        _emptyDirectories.Add(GitName.Decode(path));
        return true;
    }

    private static bool TryReadPath(ReadOnlySpan<byte> word, out ReadOnlySpan<byte> path, out EtckeeperSpelling? spelling)
    {
        path = word.StartsWith("./"u8) ? word[2..] : word;
        spelling = word.SequenceEqual("."u8) ? null : path.Length == word.Length ? EtckeeperSpelling.Stripped : EtckeeperSpelling.DotSlash;
        return EtckeeperPath.IsValid(path) && !(spelling == EtckeeperSpelling.DotSlash && path.SequenceEqual("."u8));
    }

    private static int? ReadMode(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is 0 or > 5) return null;
        var mode = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7') return null;
            mode = (mode << 3) | (digit - '0');
        }

        return mode <= 0xFFF ? mode : null;
    }

    // The line is about this path: the same record as before, or the next one.
    private void Turn(ReadOnlySpan<byte> path, EtckeeperSpelling? spelling)
    {
        _spelling ??= spelling;
        if (path.SequenceEqual(_path)) return;
        Flush();
        // "." comes first in the one spelling and between the names in the other.
        if (!_path.IsEmpty && _path.SequenceCompareTo(path) > 0) _sorted = false;
        _path = path;
        (_mode, _owner, _group) = (null, null, null);
    }

    private readonly void Flush()
    {
        if (!_path.IsEmpty) _records.Add(EtckeeperRecord.Known(GitName.Decode(_path), _mode, _owner, _group));
    }

    private readonly void Reject(int number, ReadOnlySpan<byte> line)
    {
        if (_rejected.Count == MostRejected) return;
        _rejected.Add(new(number, Encoding.UTF8.GetString(line[..Math.Min(line.Length, LongestRejected)])));
    }

    private readonly EtckeeperFile Finish()
    {
        Flush();
        var directories = _emptyDirectories.ToArray();
        for (var i = 1; i < directories.Length; i++)
        {
            if (EtckeeperPath.Compare(directories[i - 1], directories[i]) < 0) continue;
            directories = [.. directories.Distinct(StringComparer.Ordinal).Order(EtckeeperPath.ByteOrder)];
            break;
        }

        return new(
            _sorted ? _records.DrainToImmutable() : Coalesce(_records),
            [.. directories],
            _spelling ?? EtckeeperSpelling.DotSlash,
            [.. _rejected]);
    }

    // Old versions list all owners, then all groups, then all modes. Where two lines disagree the later one stands, as if
    // they had been run.
    private static ImmutableArray<EtckeeperRecord> Coalesce(ImmutableArray<EtckeeperRecord>.Builder records)
    {
        var result = ImmutableArray.CreateBuilder<EtckeeperRecord>(records.Count);
        foreach (var record in records.OrderBy(record => record.Path, EtckeeperPath.ByteOrder))
        {
            if (result.Count == 0 || result[^1].Path != record.Path)
            {
                result.Add(record);
                continue;
            }

            var before = result[^1];
            result[^1] = EtckeeperRecord.Known(
                record.Path, record.Mode ?? before.Mode, record.Owner ?? before.Owner, record.Group ?? before.Group);
        }

        return result.DrainToImmutable();
    }
}
