using System.Collections.Immutable;
using EtcSync.Core.Accounts;
using EtcSync.Core.Applying;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.FileSystem;
using FileAttributes = EtcSync.Core.Applying.FileAttributes;

namespace EtcSync.WorkTrees;

/// <summary>Modes, owners and empty directories of a work tree as a scan comes across them, compared with what .etckeeper says.</summary>
internal sealed class AttributeScan(ScanInput input)
{
    private readonly List<SeenEntry> _seen = new(input.Index.Entries.Length + 256);
    private int _emptyDirectories;

    /// <summary>Whether anything was found that .etckeeper does not say.</summary>
    public bool Differs { get; private set; }

    /// <summary>Takes a file or link without comparing it.</summary>
    public void Add(string path, in FileStatus status, bool isIgnored) => _seen.Add(
        new(path, status.Kind == FileKind.SymbolicLink ? ObservedKind.SymbolicLink : ObservedKind.File, status.Mode, status.Uid, status.Gid, IsEmpty: false, isIgnored));

    /// <summary>Compares a file that has changed since it was seen last; true where mode or owner is another.</summary>
    public bool CompareFile(string path, EntryMode mode, in FileStatus status) => mode.IsRegular() && input.Metadata is { } metadata
        && IsOther(TreeAttributes.OfFile(metadata.Find(path), mode), status) && Note(path);

    /// <summary>Takes a directory; true where mode, owner or being empty is news.</summary>
    public bool AddDirectory(string path, in FileStatus status, bool isEmpty, bool isIgnored)
    {
        _seen.Add(new(path, ObservedKind.Directory, status.Mode, status.Uid, status.Gid, isEmpty, isIgnored));
        if (input.Metadata is not { } metadata) return false;
        var wasEmpty = metadata.EmptyDirectories.Length > 0 && metadata.HasEmptyDirectory(path);
        if (isEmpty && wasEmpty) _emptyDirectories++;
        if (isIgnored) return false;
        var record = metadata.Find(path);
        return (record is null || isEmpty != wasEmpty || IsOther(TreeAttributes.OfDirectory(record), status)) && Note(path);
    }

    /// <summary>Takes the top of the work tree; true where it is not as .etckeeper says.</summary>
    public bool AddTop(in FileStatus status)
    {
        _seen.Add(new(".", ObservedKind.Directory, status.Mode, status.Uid, status.Gid, IsEmpty: false, IsIgnored: false));
        if (input.Metadata is not { } metadata || !IsOther(TreeAttributes.OfDirectory(metadata.Find(".")), status)) return false;
        return Differs = true;
    }

    /// <summary>The empty directories that .etckeeper has, if one of them is gone; to be asked at the end.</summary>
    public ImmutableArray<string> MissingEmptyDirectories()
    {
        if (input.Metadata is not { } metadata || _emptyDirectories == metadata.EmptyDirectories.Length) return [];
        Differs = true;
        return metadata.EmptyDirectories;
    }

    /// <summary>What etckeeper would record. Names come from the accounts as the client has them now: a user may be as new as the user's files.</summary>
    /// <param name="changes">The client's changes.</param>
    public ImmutableArray<ObservedEntry> Entries(List<LiveChange> changes)
    {
        var (users, groups) = (Accounts("passwd", real => real.Users), Accounts("group", real => real.Groups));
        var entries = ImmutableArray.CreateBuilder<ObservedEntry>(_seen.Count);
        foreach (var seen in _seen)
        {
            string? owner, group;
            var mode = seen.Mode;
            if (users is null || groups is null)
            {
                var record = input.Metadata?.Find(seen.Path);
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

        AccountNames? Accounts(string file, Func<Ownership.Real, AccountNames> known)
        {
            if (input.Ownership is not Ownership.Real real) return null;
            var changed = changes.Find(change => change.Path.Value == file);
            return changed.Live.Mode.IsRegular() ? AccountNames.Parse(input.Objects.ReadBlob(changed.Live.Id)) : known(real);
        }
    }

    /// <summary>The records whose owner the client's accounts do not know.</summary>
    public IEnumerable<Finding> UnknownOwners()
    {
        foreach (var record in input.Metadata?.Records ?? [])
        {
            if (record is { Owner: null, Group: null } || Owners.Resolve(input.Ownership, new(0, record.Owner, record.Group)) is not null) continue;
            yield return new(record.Path, $"It should belong to {record.Owner ?? "root"}:{record.Group ?? "root"}, whom the client's passwd and group do not both know; until they do it is root's alone.");
        }
    }

    private bool Note(string path)
    {
        if (!EtckeeperFilter.CanBeNamed(path)) return false;
        return Differs = true;
    }

    private bool IsOther(FileAttributes expected, in FileStatus status)
    {
        if (input.Ownership is not Ownership.Real) return expected.Mode != status.Mode;
        // Where a name is unknown, the file was given to nobody and closed.
        if (Owners.Resolve(input.Ownership, expected) is not var (uid, gid)) return Owners.ClosedMode(expected) != status.Mode;
        return expected.Mode != status.Mode || uid != status.Uid || gid != status.Gid;
    }

    private EtckeeperRecord? ClosedRecord(SeenEntry seen)
    {
        if (input.Metadata?.Find(seen.Path) is not { } record || record is { Owner: null, Group: null }) return null;
        var expected = new FileAttributes(record.Mode ?? seen.Mode, record.Owner, record.Group);
        return Owners.Resolve(input.Ownership, expected) is null && Owners.ClosedMode(expected) == seen.Mode ? record : null;
    }

    private readonly record struct SeenEntry(string Path, ObservedKind Kind, int Mode, uint Uid, uint Gid, bool IsEmpty, bool IsIgnored);
}
