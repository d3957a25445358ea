using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Ignore;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>
/// Compares a work tree with its branch. Everything in the tree may be hostile: nothing is followed, nothing special is
/// opened, and what is read is bounded. A file whose status is the one in the index is not read.
/// </summary>
internal sealed class WorkTreeScanner
{
    private const string IgnoreFile = ".gitignore";
    private const int LongestName = 255;
    private const int IgnoreFileLimit = 1024 * 1024;
    private const int EntriesPerTimeCheck = 64;

    private readonly ScanInput _input;
    private readonly IndexPaths _paths;
    private readonly AttributeScan _attributes;
    private readonly int _metadataAt;
    private readonly bool[] _seen;
    private readonly List<LiveChange> _changes = [];
    private readonly List<Finding> _findings = [];
    private readonly HashSet<RepoPath> _unreadable = [];
    private readonly List<string> _closed = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private IndexEntry[]? _refreshed;
    private HashSet<string>? _added;
    private char[] _path = new char[1024];
    private FileVersion _metadata;
    private FileTime _newest;
    private int _count;
    private long _bytes;

    private WorkTreeScanner(ScanInput input)
    {
        _input = input;
        _paths = input.Index.Paths;
        _attributes = new(input);
        _seen = new bool[_paths.Count];
        _metadataAt = _paths.TryFind(EtckeeperFile.FileName, out var at) ? at : -1;
    }

    /// <summary>Scans.</summary>
    /// <exception cref="IOException">The server's own file system failed.</exception>
    public static ScanOutcome Scan(ScanInput input)
    {
        var scanner = new WorkTreeScanner(input);
        try
        {
            scanner.Walk(input.Root, "", 0, input.Excludes.IsEmpty ? IgnoreRules.None : IgnoreRules.None.With("", input.Excludes.Span), matchedAbove: false);
        }
        catch (LimitException limit)
        {
            return new ScanOutcome.Refused(limit.Message);
        }

        return new ScanOutcome.Seen(scanner.Finish());
    }

    private void Walk(DirectoryDescriptor directory, string prefix, int depth, IgnoreRules rules, bool matchedAbove)
    {
        if (depth > _input.Limits.Depth) throw new LimitException($"Directories are nested deeper than {_input.Limits.Depth} (limits.depth) at {prefix}.");
        CheckTime();
        _input.Entered?.Invoke(prefix.TrimEnd('/'), directory);
        // One buffer for all: what is below a directory has the directory's own path in front.
        if (_path.Length < prefix.Length + LongestName) Array.Resize(ref _path, (prefix.Length + LongestName) * 2);
        prefix.CopyTo(_path);
        using var entries = directory.Enumerate();
        if (entries.MayHave(".gitignore"u8)) rules = WithRulesOf(directory, prefix, rules);
        while (entries.MoveNext())
        {
            var entry = entries.Current;
            _count++;
            if (_count % EntriesPerTimeCheck == 0) CheckTime();
            if (_count > _input.Limits.Files) throw new LimitException($"The work tree has more than {_input.Limits.Files} entries (limits.files).");
            // Nearly every entry is a tracked file that is as it was: those cost one call and no memory.
            if (Utf8.ToUtf16(entry.NameBytes, _path.AsSpan(prefix.Length), out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
                && _paths.TryFind(_path.AsSpan(0, prefix.Length + written), out var at))
            {
                if (directory.TryStatus(entry.NameBytes, out var status)) LookAtKnown(directory, prefix, status, at, depth, rules, matchedAbove);
            }
            else
            {
                // Every time: a client's own ignore rules can make a single name slow.
                CheckTime();
                LookAtUnknown(directory, prefix, entry.Name, depth, rules, matchedAbove);
            }
        }
    }

    private IgnoreRules WithRulesOf(DirectoryDescriptor directory, string prefix, IgnoreRules rules)
    {
        switch (directory.ReadFile(IgnoreFile, IgnoreFileLimit))
        {
            case ReadOutcome.Content content:
                return rules.With(prefix.TrimEnd('/'), prefix.Length == 0 && !_input.Excludes.IsEmpty ? [.. _input.Excludes.Span, (byte)'\n', .. content.Bytes] : content.Bytes);
            case ReadOutcome.TooLarge:
                _findings.Add(new(prefix + IgnoreFile, "It is larger than 1 MiB and is not obeyed."));
                return rules;
            default:
                // A link, say: git does not follow one here either.
                return rules;
        }
    }

    private void LookAtKnown(DirectoryDescriptor directory, string prefix, in FileStatus status, int at, int depth, IgnoreRules rules, bool matchedAbove)
    {
        var path = _paths[at];
        switch (status.Kind)
        {
            case FileKind.Regular or FileKind.SymbolicLink:
                _seen[at] = true;
                LookAtTracked(directory, prefix, status, at);
                break;
            case FileKind.Directory:
                LookInto(directory, path, path[prefix.Length..], status, depth, rules, matchedAbove);
                break;
            default:
                LookAtSpecial(path, status, at, ignored: false);
                break;
        }
    }

    private void LookAtUnknown(DirectoryDescriptor directory, string prefix, string name, int depth, IgnoreRules rules, bool matchedAbove)
    {
        if (!RepoPath.IsComponent(name) || !GitName.IsUtf8(name))
        {
            ReportName(prefix, name);
            return;
        }

        if ((depth == 0 && name == StagingArea.InnerName) || !directory.TryStatus(name, out var status)) return;
        var path = prefix + name;
        if (status.Kind == FileKind.Directory)
        {
            LookInto(directory, path, name, status, depth, rules, matchedAbove);
            return;
        }

        var ignored = matchedAbove || rules.Decide(path, isDirectory: false) == IgnoreVerdict.Ignored;
        if (status.Kind is FileKind.Regular or FileKind.SymbolicLink) LookAtUntracked(directory, path, name, status, ignored);
        else LookAtSpecial(path, status, -1, ignored);
    }

    private void ReportName(string prefix, string name)
    {
        if (name.Equals(".git", StringComparison.OrdinalIgnoreCase))
        {
            // Nested repositories are reported where their directory is entered.
            if (prefix.Length == 0) _findings.Add(new(name, "A git directory appeared at the top of the work tree. Nothing in it is used; do not run git there as root."));
        }
        else
        {
            _findings.Add(new(prefix + Printable(name), "Its name is not valid UTF-8 (or not one that git can hold); it is left alone."));
        }
    }

    private void LookInto(DirectoryDescriptor directory, string path, string name, in FileStatus status, int depth, IgnoreRules rules, bool matchedAbove)
    {
        if (path == EtckeeperFile.FileName)
        {
            LookAtSpecial(path, status, _metadataAt, ignored: false);
            return;
        }

        var hasTracked = _paths.IsDirectory(path);
        var matched = matchedAbove || rules.Decide(path, isDirectory: true) == IgnoreVerdict.Ignored;
        var outcome = directory.OpenDirectory(name, out var opened);
        if (outcome != OpenOutcome.Opened)
        {
            if (outcome == OpenOutcome.Missing) return;
            _closed.Add(path + "/");
            _findings.Add(new(path, outcome == OpenOutcome.Outside ? "Something else is mounted there; it is left alone." : "It changed while it was looked at; it is left alone this time."));
            return;
        }

        using (opened)
        {
            if (!hasTracked && opened!.TryStatus(".git", out _))
            {
                if (!matched) _findings.Add(new(path, "It is a git repository of its own; it is left alone."));
                return;
            }

            var ignored = matched && !hasTracked;
            var before = _count;
            Walk(opened!, path + "/", depth + 1, rules, matched);
            var empty = _count == before;
            if (_attributes.AddDirectory(path, status, empty, ignored)) Newest(status);
        }
    }

    private void LookAtTracked(DirectoryDescriptor directory, string prefix, in FileStatus status, int at)
    {
        ref readonly var entry = ref Entry(at);
        _attributes.Add(entry.Path, status, isIgnored: false);
        if (!IndexStats.Match(entry.Stat, status) || IndexStats.IsYoung(entry.Stat, _input.IndexTime)) LookAtTouched(directory, prefix, status, at);
        else if (at == _metadataAt) _metadata = new(entry.Mode, entry.Id);
    }

    // A method of its own, because nearly no file comes here.
    private void LookAtTouched(DirectoryDescriptor directory, string prefix, in FileStatus status, int at)
    {
        var entry = Entry(at);
        var path = entry.Path;
        var isMetadata = at == _metadataAt;
        if (!isMetadata && IsLocal(path))
        {
            if (!entry.AssumeUnchanged) Refresh(at, entry with { AssumeUnchanged = true });
            return;
        }

        CheckTime();
        if (Read(directory, path, path[prefix.Length..], status) is not { } seen)
        {
            _unreadable.Add(RepoPath.Parse(path));
            return;
        }

        var committed = new FileVersion(entry.Mode, entry.Id);
        if (isMetadata) _metadata = seen.Version;
        if (seen.Version == committed) Refresh(at, entry with { Stat = IndexStats.Of(seen.Status) });
        if (isMetadata) return;
        if (seen.Version != committed) Change(path, committed, seen);
        if (_attributes.CompareFile(path, seen.Version.Mode, seen.Status)) Newest(seen.Status);
    }

    private void LookAtUntracked(DirectoryDescriptor directory, string path, string name, in FileStatus status, bool ignored)
    {
        // What is neither committed nor touched has no record either.
        if (!ignored && IsLocal(path)) return;
        _attributes.Add(path, status, ignored);
        if (path == EtckeeperFile.FileName || ignored) return;
        if (Read(directory, path, name, status) is { } seen) Change(path, FileVersion.Absent, seen);
    }

    private void LookAtSpecial(string path, in FileStatus status, int at, bool ignored)
    {
        if (ignored && at < 0) return;
        _findings.Add(new(path, $"It is {Describe(status.Kind)}; it is left alone."));
        if (at < 0) return;
        _seen[at] = true;
        _unreadable.Add(RepoPath.Parse(path));
    }

    private ReadFile? Read(DirectoryDescriptor directory, string path, string name, in FileStatus status)
    {
        var limit = (int)Math.Min(_input.Limits.FileSize, int.MaxValue);
        var outcome = status.Kind == FileKind.SymbolicLink ? directory.ReadLink(name) : directory.ReadFile(name, limit);
        switch (outcome)
        {
            case ReadOutcome.Content content:
                return new(new(IndexStats.ModeOf(content.Status), ObjectId.Hash(ObjectType.Blob, content.Bytes)), content.Status, content.Bytes);
            case ReadOutcome.TooLarge large:
                _findings.Add(new(path, $"It has {large.Size} bytes, more than limits.file-size allows; it is left alone."));
                return null;
            default:
                _findings.Add(new(path, "It changed while it was read; it is left alone this time."));
                return null;
        }
    }

    private ref readonly IndexEntry Entry(int at)
    {
        if (_refreshed is not null) return ref _refreshed[at];
        return ref _input.Index.Entries.ItemRef(at);
    }

    private void Refresh(int at, in IndexEntry entry)
    {
        _refreshed ??= _input.Index.Entries.AsSpan().ToArray();
        _refreshed[at] = entry;
    }

    private void Change(string path, FileVersion committed, ReadFile live)
    {
        _bytes += live.Content.Length;
        if (_bytes > ScanLimits.TotalSize) throw new LimitException($"More than {ScanLimits.TotalSize / (1024 * 1024)} MiB of it changed at once.");
        _input.Objects.AddBlob(live.Content);
        _changes.Add(new(RepoPath.Parse(path), committed, live.Version));
        Newest(live.Status);
    }

    private void Newest(in FileStatus status)
    {
        if (status.CTime > _newest) _newest = status.CTime;
    }

    private bool IsLocal(string path) => _input.Policy(RepoPath.Parse(path)).Class is PathClass.Local or PathClass.ShadowOfRoot;

    private void CheckTime()
    {
        if (Stopwatch.GetElapsedTime(_start) > _input.Limits.Time) throw new LimitException($"Scanning it takes longer than {_input.Limits.Time.TotalSeconds:0} seconds (limits.scan-time).");
    }

    private WorkTreeScan Finish()
    {
        var missing = 0;
        for (var i = 0; i < _seen.Length; i++)
        {
            if (_seen[i]) continue;
            var path = _paths[i];
            missing++;
            if (path == EtckeeperFile.FileName || Entry(i).Mode == EntryMode.GitLink) continue;
            var parsed = RepoPath.Parse(path);
            // A name that is not UTF-8 was never written here.
            if (!GitName.IsUtf8(path) || _closed.Exists(closed => path.StartsWith(closed, StringComparison.Ordinal))) _unreadable.Add(parsed);
            else if (!IsLocal(path) || IsDisplaced(path))
            {
                _changes.Add(new(parsed, new(Entry(i).Mode, Entry(i).Id), FileVersion.Absent));
                NoteRemoval(parsed);
            }
        }

        _findings.AddRange(_attributes.UnknownOwners());
        foreach (var empty in _attributes.MissingEmptyDirectories())
        {
            if (RepoPath.TryParse(empty, out var parsed)) NoteRemoval(parsed);
        }

        var top = _input.Root.Status();
        if (_attributes.AddTop(top)) Newest(top);
        _changes.Sort((left, right) => left.Path.CompareTo(right.Path));
        var differs = _changes.Count > 0 || _attributes.Differs;
        return new()
        {
            Changes = [.. _changes],
            Entries = differs ? _attributes.Entries(_changes) : [],
            AttributesDiffer = _attributes.Differs,
            Metadata = _metadata,
            Findings = [.. _findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)],
            Unreadable = [.. _unreadable],
            Index = _refreshed is null ? _input.Index : _input.Index.WithEntries(ImmutableCollectionsMarshal.AsImmutableArray(_refreshed)),
            IndexIsStale = _refreshed is not null,
            NewestChange = _newest == default ? null : DateTimeOffset.FromUnixTimeSeconds(_newest.Seconds).AddTicks(_newest.Nanoseconds / 100),
            IsEmpty = _seen.Length > 0 && missing == _seen.Length,
        };
    }

    // Nobody's business, unless the client put something else where its directory was: no tree can hold both.
    private bool IsDisplaced(string path)
    {
        _added ??= _changes.Where(change => !change.Committed.Exists).Select(change => change.Path.Value).ToHashSet(StringComparer.Ordinal);
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_added.Contains(path[..slash])) return true;
        }

        return false;
    }

    // What is gone has no change time; the directory that it is gone from has one. A program that replaces a file may be between two steps.
    private void NoteRemoval(RepoPath path)
    {
        for (var at = path.Parent; ; at = at.Value.Parent)
        {
            if (at is not { } parent)
            {
                Newest(_input.Root.Status());
                return;
            }

            if (_input.Root.OpenDirectory(parent.Value, out var directory) != OpenOutcome.Opened) continue;
            using (directory) Newest(directory!.Status());
            return;
        }
    }

    private static string Describe(FileKind kind) => kind switch
    {
        FileKind.Fifo => "a named pipe",
        FileKind.Socket => "a socket",
        FileKind.CharacterDevice => "a character device",
        FileKind.BlockDevice => "a block device",
        FileKind.Directory => "a directory where etckeeper's file belongs",
        _ => "nothing that git tracks",
    };

    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private sealed record ReadFile(FileVersion Version, FileStatus Status, byte[] Content);

    /// <summary>Leads out of the recursion; never leaves this file.</summary>
    private sealed class LimitException(string message) : Exception(message);
}
