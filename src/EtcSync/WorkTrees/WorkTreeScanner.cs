using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using EtcSync.Core.Applying;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Ignore;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;
using FileAttributes = EtcSync.Core.Applying.FileAttributes;

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

    private readonly ScanInput _input;
    private readonly Dictionary<string, int> _tracked;
    private readonly HashSet<string> _trackedDirectories = new(StringComparer.Ordinal);
    private readonly bool[] _seen;
    private readonly IndexEntry[] _entries;
    private readonly List<LiveChange> _changes = [];
    private readonly List<SeenEntry> _observed;
    private readonly List<Finding> _findings = [];
    private readonly HashSet<RepoPath> _unreadable = [];
    private readonly List<string> _closed = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private HashSet<string>? _added;
    private FileVersion _metadata;
    private FileTime _newest;
    private bool _attributesDiffer;
    private bool _indexIsStale;
    private int _emptyDirectories;
    private int _count;
    private long _bytes;

    private WorkTreeScanner(ScanInput input)
    {
        _input = input;
        _entries = [.. input.Index.Entries];
        _seen = new bool[_entries.Length];
        _tracked = new(_entries.Length, StringComparer.Ordinal);
        _observed = new(_entries.Length + 256);
        var directory = "";
        for (var i = 0; i < _entries.Length; i++)
        {
            var path = _entries[i].Path;
            _tracked[path] = i;
            var slash = path.LastIndexOf('/');
            if (slash < 0 || (directory.Length == slash && path.StartsWith(directory, StringComparison.Ordinal))) continue;
            directory = path[..slash];
            for (var at = directory; _trackedDirectories.Add(at) && at.LastIndexOf('/') is var up and > 0;) at = at[..up];
        }
    }

    /// <summary>Scans.</summary>
    /// <exception cref="IOException">The server's own file system failed.</exception>
    public static ScanOutcome Scan(ScanInput input)
    {
        var scanner = new WorkTreeScanner(input);
        try
        {
            scanner.Walk(input.Root, "", 0, IgnoreRules.None, matchedAbove: false);
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
        _input.Entered?.Invoke(prefix.TrimEnd('/'), directory);
        if (directory.TryStatus(".gitignore"u8, out _)) rules = WithRulesOf(directory, prefix, rules);
        var tracked = _tracked.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> path = new char[prefix.Length + LongestName];
        prefix.CopyTo(path);
        foreach (var entry in directory.Enumerate())
        {
            // Every time: a client's own ignore rules can make a single name slow.
            CheckTime();
            _count++;
            if (_count > _input.Limits.Files) throw new LimitException($"The work tree has more than {_input.Limits.Files} entries (limits.files).");
            // Nearly every entry is a tracked file that is as it was: those cost one call and no memory.
            if (Utf8.ToUtf16(entry.NameBytes, path[prefix.Length..], out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
                && tracked.TryGetValue(path[..(prefix.Length + written)], out var at))
            {
                if (directory.TryStatus(entry.NameBytes, out var status)) LookAtKnown(directory, prefix, status, at, depth, rules, matchedAbove);
            }
            else
            {
                LookAtUnknown(directory, prefix, entry.Name, depth, rules, matchedAbove);
            }
        }
    }

    private IgnoreRules WithRulesOf(DirectoryDescriptor directory, string prefix, IgnoreRules rules)
    {
        switch (directory.ReadFile(IgnoreFile, IgnoreFileLimit))
        {
            case ReadOutcome.Content content:
                return rules.With(prefix.TrimEnd('/'), content.Bytes);
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
        var path = _entries[at].Path;
        switch (status.Kind)
        {
            case FileKind.Regular or FileKind.SymbolicLink:
                _seen[at] = true;
                LookAtTracked(directory, path, path[prefix.Length..], status, at);
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
            LookAtSpecial(path, status, _tracked.GetValueOrDefault(path, -1), ignored: false);
            return;
        }

        var hasTracked = _trackedDirectories.Contains(path);
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
            _observed.Add(new(path, ObservedKind.Directory, status.Mode, status.Uid, status.Gid, empty, ignored));
            CompareDirectory(path, status, empty, ignored);
        }
    }

    private void CompareDirectory(string path, in FileStatus status, bool empty, bool ignored)
    {
        if (_input.Metadata is not { } metadata) return;
        if (empty && metadata.HasEmptyDirectory(path)) _emptyDirectories++;
        if (ignored || _attributesDiffer) return;
        var record = metadata.Find(path);
        var differs = record is null || empty != metadata.HasEmptyDirectory(path) || Differs(TreeAttributes.OfDirectory(record), status);
        if (differs && EtckeeperFilter.CanBeNamed(path)) Note(ref _attributesDiffer, status);
    }

    private void LookAtTracked(DirectoryDescriptor directory, string path, string name, in FileStatus status, int at)
    {
        ref readonly var entry = ref _entries[at];
        var mode = IndexStats.ModeOf(status);
        if (mode.IsRegular()) _observed.Add(new(path, ObservedKind.File, status.Mode, status.Uid, status.Gid, false, false));
        else _observed.Add(new(path, ObservedKind.SymbolicLink, status.Mode, status.Uid, status.Gid, false, false));
        var isMetadata = path == EtckeeperFile.FileName;
        if (IndexStats.Match(entry.Stat, status) && !IndexStats.IsYoung(entry.Stat, _input.IndexTime))
        {
            if (isMetadata) _metadata = new(entry.Mode, entry.Id);
            return;
        }

        if (!isMetadata && IsLocal(path))
        {
            if (!entry.AssumeUnchanged) (_entries[at], _indexIsStale) = (entry with { AssumeUnchanged = true }, true);
            return;
        }

        if (Read(directory, path, name, status) is not { } seen)
        {
            _unreadable.Add(RepoPath.Parse(path));
            return;
        }

        if (isMetadata)
        {
            _metadata = seen.Version;
            if (seen.Version == new FileVersion(entry.Mode, entry.Id)) Refresh(at, seen.Status);
            return;
        }

        if (seen.Version == new FileVersion(entry.Mode, entry.Id)) Refresh(at, seen.Status);
        else Change(path, new(entry.Mode, entry.Id), seen);
        if (seen.Version.Mode.IsRegular() && _input.Metadata is { } metadata && Differs(TreeAttributes.OfFile(metadata.Find(path), seen.Version.Mode), seen.Status)
            && EtckeeperFilter.CanBeNamed(path))
        {
            Note(ref _attributesDiffer, seen.Status);
        }
    }

    private void LookAtUntracked(DirectoryDescriptor directory, string path, string name, in FileStatus status, bool ignored)
    {
        var kind = status.Kind == FileKind.Regular ? ObservedKind.File : ObservedKind.SymbolicLink;
        var local = !ignored && IsLocal(path);
        // What is neither committed nor touched has no record either.
        if (local) return;
        _observed.Add(new(path, kind, status.Mode, status.Uid, status.Gid, false, ignored));
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

    private void Refresh(int at, in FileStatus status)
    {
        _entries[at] = _entries[at] with { Stat = IndexStats.Of(status) };
        _indexIsStale = true;
    }

    private void Change(string path, FileVersion committed, ReadFile live)
    {
        _bytes += live.Content.Length;
        if (_bytes > ScanLimits.TotalSize) throw new LimitException($"More than {ScanLimits.TotalSize / (1024 * 1024)} MiB of it changed at once.");
        _input.Objects.AddBlob(live.Content);
        _changes.Add(new(RepoPath.Parse(path), committed, live.Version));
        Newest(live.Status);
    }

    private void Note(ref bool flag, in FileStatus status)
    {
        flag = true;
        Newest(status);
    }

    private void Newest(in FileStatus status)
    {
        if (status.CTime > _newest) _newest = status.CTime;
    }

    private bool Differs(FileAttributes expected, in FileStatus status)
    {
        if (_input.Ownership is not Ownership.Real) return expected.Mode != status.Mode;
        // Where a name is unknown, the file was given to nobody and closed.
        if (Owners.Resolve(_input.Ownership, expected) is not var (uid, gid)) return Owners.ClosedMode(expected) != status.Mode;
        return expected.Mode != status.Mode || uid != status.Uid || gid != status.Gid;
    }

    private bool IsLocal(string path) => _input.Policy(RepoPath.Parse(path)).Class is PathClass.Local or PathClass.ShadowOfRoot;

    private void CheckTime()
    {
        if (Stopwatch.GetElapsedTime(_start) > _input.Limits.Time) throw new LimitException($"Scanning it takes longer than {_input.Limits.Time.TotalSeconds:0} seconds (limits.scan-time).");
    }

    private WorkTreeScan Finish()
    {
        var missing = 0;
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_seen[i]) continue;
            var path = _entries[i].Path;
            missing++;
            if (path == EtckeeperFile.FileName || _entries[i].Mode == EntryMode.GitLink) continue;
            var parsed = RepoPath.Parse(path);
            // A name that is not UTF-8 was never written here.
            if (!GitName.IsUtf8(path) || _closed.Exists(closed => path.StartsWith(closed, StringComparison.Ordinal))) _unreadable.Add(parsed);
            else if (!IsLocal(path) || IsDisplaced(path))
            {
                _changes.Add(new(parsed, new(_entries[i].Mode, _entries[i].Id), FileVersion.Absent));
                NoteRemoval(parsed);
            }
        }

        if (_input.Metadata is { } metadata)
        {
            ReportUnknownOwners(metadata);
            if (_emptyDirectories != metadata.EmptyDirectories.Length)
            {
                _attributesDiffer = true;
                foreach (var empty in metadata.EmptyDirectories)
                {
                    if (RepoPath.TryParse(empty, out var parsed)) NoteRemoval(parsed);
                }
            }

            var top = _input.Root.Status();
            _observed.Add(new(".", ObservedKind.Directory, top.Mode, top.Uid, top.Gid, false, false));
            if (Differs(TreeAttributes.OfDirectory(metadata.Find(".")), top)) Note(ref _attributesDiffer, top);
        }

        _changes.Sort((left, right) => left.Path.CompareTo(right.Path));
        var differs = _changes.Count > 0 || _attributesDiffer;
        return new()
        {
            Changes = [.. _changes],
            Entries = differs ? Observed() : [],
            AttributesDiffer = _attributesDiffer,
            Metadata = _metadata,
            Findings = [.. _findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)],
            Unreadable = [.. _unreadable],
            Index = new(ImmutableCollectionsMarshal.AsImmutableArray(_entries), _input.Index.Tree),
            IndexIsStale = _indexIsStale,
            NewestChange = _newest == default ? null : DateTimeOffset.FromUnixTimeSeconds(_newest.Seconds).AddTicks(_newest.Nanoseconds / 100),
            IsEmpty = _entries.Length > 0 && missing == _entries.Length,
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

    // Names come from the accounts as the client has them now: a user may be as new as the user's files.
    private ImmutableArray<ObservedEntry> Observed()
    {
        var (users, groups) = (Accounts("passwd", real => real.Users), Accounts("group", real => real.Groups));
        var entries = ImmutableArray.CreateBuilder<ObservedEntry>(_observed.Count);
        foreach (var seen in _observed)
        {
            string? owner, group;
            var mode = seen.Mode;
            if (users is null || groups is null)
            {
                var record = _input.Metadata?.Find(seen.Path);
                (owner, group) = (record?.Owner, record?.Group);
            }
            else if (ClosedRecord(seen) is { } closed)
            {
                // What nobody could be given stays in .etckeeper as it is wanted.
                (owner, group, mode) = (closed.Owner, closed.Group, closed.Mode ?? mode);
            }
            else
            {
                (owner, group) = (seen.Uid == 0 ? null : users.NameOf((int)seen.Uid), seen.Gid == 0 ? null : groups.NameOf((int)seen.Gid));
            }

            entries.Add(new(seen.Path, seen.Kind, mode, owner, group, seen.IsEmpty, seen.IsIgnored));
        }

        return entries.DrainToImmutable();
    }

    private EtckeeperRecord? ClosedRecord(SeenEntry seen)
    {
        if (_input.Metadata?.Find(seen.Path) is not { } record || record is { Owner: null, Group: null }) return null;
        var expected = new FileAttributes(record.Mode ?? seen.Mode, record.Owner, record.Group);
        return Owners.Resolve(_input.Ownership, expected) is null && Owners.ClosedMode(expected) == seen.Mode ? record : null;
    }

    private void ReportUnknownOwners(EtckeeperFile metadata)
    {
        foreach (var record in metadata.Records)
        {
            if (record is { Owner: null, Group: null } || Owners.Resolve(_input.Ownership, new(0, record.Owner, record.Group)) is not null) continue;
            _findings.Add(new(record.Path, $"It should belong to {record.Owner ?? "root"}:{record.Group ?? "root"}, whom the client's passwd and group do not both know; until they do it is root's alone."));
        }
    }

    private Core.Accounts.AccountNames? Accounts(string file, Func<Ownership.Real, Core.Accounts.AccountNames> known)
    {
        if (_input.Ownership is not Ownership.Real real) return null;
        var changed = _changes.Find(change => change.Path.Value == file);
        return changed.Live.Mode.IsRegular() ? Core.Accounts.AccountNames.Parse(_input.Objects.ReadBlob(changed.Live.Id)) : known(real);
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

    private readonly record struct SeenEntry(string Path, ObservedKind Kind, int Mode, uint Uid, uint Gid, bool IsEmpty, bool IsIgnored);

    private sealed record ReadFile(FileVersion Version, FileStatus Status, byte[] Content);

    /// <summary>Leads out of the recursion; never leaves this file.</summary>
    private sealed class LimitException(string message) : Exception(message);
}
