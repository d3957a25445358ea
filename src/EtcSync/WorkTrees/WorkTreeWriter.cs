using EtcSync.Core.Applying;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>
/// Carries a plan out on a live work tree. New files are complete, with owner and mode, before they have their name; each
/// is swapped with what it replaces in one step, and what comes out is looked at: if the client wrote in between, its
/// version goes back. Nothing is followed and nothing is changed in place.
/// </summary>
internal sealed class WorkTreeWriter : IDisposable
{
    private const int PutBackTries = 8;

    private readonly WorkTree _tree;
    private readonly IObjectReader _objects;
    private readonly Ownership _ownership;
    private readonly DateTimeOffset _now;
    private readonly long _readLimit;
    private readonly Dictionary<string, DirectoryDescriptor?> _directories = new(StringComparer.Ordinal);
    private readonly Dictionary<RepoPath, ulong> _staged = [];
    private readonly HashSet<RepoPath> _raced = [];
    private readonly Dictionary<RepoPath, string> _refused = [];
    private readonly Dictionary<RepoPath, Finding> _findings = [];

    public WorkTreeWriter(WorkTree tree, IObjectReader objects, Ownership ownership, long readLimit, DateTimeOffset now)
    {
        _tree = tree;
        _objects = objects;
        _ownership = ownership;
        _readLimit = readLimit;
        _now = now;
    }

    /// <summary>What could not be changed and will not be the next time either, each with the reason; they are among the raced, too.</summary>
    public IReadOnlyDictionary<RepoPath, string> Refused => _refused;

    /// <summary>What people should know of the files that were replaced.</summary>
    public IEnumerable<Finding> Findings => _findings.Where(found => !_raced.Contains(found.Key)).Select(found => found.Value);

    /// <summary>Makes all new files of a plan in the staging area. A full disk shows here, and has changed nothing.</summary>
    public void Stage(ApplyPlan plan)
    {
        foreach (var put in plan.Steps.OfType<ApplyStep.PutFile>()) Stage(put);
    }

    /// <summary>Swaps the staged files in and does the rest of the plan.</summary>
    public IReadOnlySet<RepoPath> Swap(ApplyPlan plan)
    {
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case ApplyStep.PutFile put:
                    Put(put);
                    break;
                case ApplyStep.RemoveFile remove:
                    Remove(remove);
                    break;
                case ApplyStep.MakeDirectory make:
                    Make(make);
                    break;
                case ApplyStep.RemoveDirectory remove:
                    Forget(remove.Directory);
                    Open(remove.Directory.Parent)?.RemoveDirectory(remove.Directory.Name);
                    break;
                case ApplyStep.SetDirectory set:
                    if (Open(set.Directory) is { } directory) Owners.Set(directory, _ownership, set.Attributes, replaced: null);
                    break;
            }
        }

        return _raced;
    }

    /// <summary>What the files that were put look like now; to be asked after they have been written back, so that their change time is past.</summary>
    public IReadOnlyDictionary<RepoPath, FileStatus> Look(ApplyPlan plan)
    {
        var written = new Dictionary<RepoPath, FileStatus>();
        foreach (var put in plan.Steps.OfType<ApplyStep.PutFile>())
        {
            if (_raced.Contains(put.File) || !_staged.TryGetValue(put.File, out var inode)) continue;
            if (Open(put.File.Parent) is { } directory && directory.TryStatus(put.File.Name, out var status) && status.Inode == inode) written[put.File] = status;
        }

        return written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var directory in _directories.Values)
        {
            directory?.Dispose();
        }
    }

    private void Stage(ApplyStep.PutFile put)
    {
        var (staging, name) = (_tree.Staging.Directory, StagingArea.NameOf(put.File));
        var content = _objects.ReadBlob(put.Version.Id);
        if (put.Version.Mode == EntryMode.SymbolicLink)
        {
            if (content.Length == 0) throw new InvalidDataException($"{put.File} is a symbolic link to nothing.");
            Expect(staging.CreateSymbolicLink(name, content), put.File);
        }
        else
        {
            using var replaced = put.Expected.Mode.IsRegular() ? OpenForAttributes(put.File) : null;
            Expect(staging.CreateFile(name, content, out var file), put.File);
            using (file)
            {
                if (Owners.Set(file!, _ownership, put.Attributes, replaced) == AttributesOutcome.OverLimit)
                {
                    _findings[put.File] = new(put.File.Value, $"The client's file had more user.* attributes than are carried along ({ExtendedAttributes.CountLimit}, or {ExtendedAttributes.SizeLimit / 1024} KiB); its new version has none.");
                }
            }
        }

        _staged[put.File] = staging.Status(name).Inode;
    }

    private FileDescriptor? OpenForAttributes(RepoPath path)
    {
        if (Open(path.Parent)?.OpenReference(path.Name, out var reference) != OpenOutcome.Opened) return null;
        using (reference) return reference!.Status().Kind == FileKind.Regular ? reference.Reopen(OpenFlags.ReadOnly) : null;
    }

    private void Put(ApplyStep.PutFile put)
    {
        var (staging, name) = (_tree.Staging.Directory, StagingArea.NameOf(put.File));
        if (!_staged.ContainsKey(put.File)) return;
        if (Open(put.File.Parent) is not { } directory)
        {
            Race(put.File, name);
            return;
        }

        if (!put.Expected.Exists)
        {
            if (staging.RenameNoReplace(name, directory, put.File.Name) is not ChangeOutcome.Done and var taken) Fail(put.File, name, taken);
            return;
        }

        // Looked at before as well: what is swapped in for nothing would be there for a moment, for programs to read and write.
        if (VersionOf(directory, put.File.Name) != put.Expected)
        {
            Race(put.File, name);
            return;
        }

        if (staging.Exchange(name, directory, put.File.Name) is not ChangeOutcome.Done and var refused)
        {
            Fail(put.File, name, refused);
            return;
        }

        if (VersionOf(staging, name) == put.Expected) Keep(put.File, put.Expected, name);
        else PutBack(put, name, directory);
    }

    // The client wrote in between: its version is the newest, whatever it is.
    private void PutBack(ApplyStep.PutFile put, string name, DirectoryDescriptor directory)
    {
        var staging = _tree.Staging.Directory;
        _raced.Add(put.File);
        var (placed, content) = (_staged[put.File], (FileVersion?)put.Version);
        for (var i = 0; i < PutBackTries; i++)
        {
            if (!staging.TryStatus(name, out var waiting)) return;
            var client = VersionOf(staging, name);
            if (staging.Exchange(name, directory, put.File.Name) != ChangeOutcome.Done)
            {
                // It is gone from there: then its place is free for the client's version.
                if (staging.RenameNoReplace(name, directory, put.File.Name) == ChangeOutcome.Done) return;
                continue;
            }

            if (staging.TryStatus(name, out var removed) && removed.Inode == placed) break;
            // What came out is not what we had put there: the client replaced it once more, and that is newer still.
            (placed, content) = (waiting.Inode, client);
        }

        // It was in place for a moment, and a program may have opened it. Ours is looked at again; a version of the client's that
        // it has replaced itself is done with, unless somebody wrote into it in that moment.
        if (staging.TryStatus(name, out var left) && left.Inode == _staged[put.File]) Keep(put.File, put.Version, name);
        else if (left.Inode == placed && VersionOf(staging, name) == content) staging.Unlink(name);
        else staging.Rename(name, _tree.Staging.Kept, LostName(put.File));
    }

    private void Remove(ApplyStep.RemoveFile remove)
    {
        var (staging, name) = (_tree.Staging.Directory, StagingArea.NameOf(remove.File));
        if (Open(remove.File.Parent) is not { } directory) return;
        if (directory.TryStatus(remove.File.Name, out _) && VersionOf(directory, remove.File.Name) != remove.Expected)
        {
            _raced.Add(remove.File);
            return;
        }

        switch (directory.RenameNoReplace(remove.File.Name, staging, name))
        {
            case ChangeOutcome.Done when VersionOf(staging, name) == remove.Expected:
                Keep(remove.File, remove.Expected, name);
                break;
            case ChangeOutcome.Done:
                _raced.Add(remove.File);
                if (staging.RenameNoReplace(name, directory, remove.File.Name) != ChangeOutcome.Done) staging.Rename(name, _tree.Staging.Kept, LostName(remove.File));
                break;
            case ChangeOutcome.Missing:
                break;
            case var other:
                _raced.Add(remove.File);
                Refuse(remove.File, other);
                break;
        }
    }

    private void Make(ApplyStep.MakeDirectory make)
    {
        if (Open(make.Directory.Parent) is not { } parent) return;
        Forget(make.Directory);
        // Like a file it has owner and mode before it has its name: a crash in between would leave it with others.
        var (staging, name) = (_tree.Staging.Directory, StagingArea.DirectoryNameOf(make.Directory));
        staging.RemoveDirectory(name);
        if (staging.CreateDirectory(name) != ChangeOutcome.Done || staging.OpenDirectory(name, out var made) != OpenOutcome.Opened) return;
        using (made) Owners.Set(made!, _ownership, make.Attributes, replaced: null);
        if (staging.RenameNoReplace(name, parent, make.Directory.Name) != ChangeOutcome.Done) staging.RemoveDirectory(name);
    }

    // Null for what can be no version: a directory, a special file, one that is too large or gone.
    private FileVersion? VersionOf(DirectoryDescriptor directory, string name)
    {
        if (!directory.TryStatus(name, out var status)) return null;
        var outcome = status.Kind switch
        {
            FileKind.Regular => directory.ReadFile(name, (int)Math.Min(_readLimit, int.MaxValue)),
            FileKind.SymbolicLink => directory.ReadLink(name),
            _ => null,
        };
        return outcome is ReadOutcome.Content content ? new(IndexStats.ModeOf(content.Status), ObjectId.Hash(ObjectType.Blob, content.Bytes)) : null;
    }

    // A program may have the old file open and write into it still.
    private void Keep(RepoPath path, FileVersion version, string name)
    {
        var staging = _tree.Staging.Directory;
        if (version.Mode.IsRegular()) staging.Rename(name, _tree.Staging.Kept, StagingArea.KeptNameOf(path, version, _now));
        else staging.Unlink(name);
    }

    private void Fail(RepoPath path, string name, ChangeOutcome outcome)
    {
        Refuse(path, outcome);
        Race(path, name);
    }

    private void Refuse(RepoPath path, ChangeOutcome outcome)
    {
        if (outcome == ChangeOutcome.Refused) _refused[path] = "The server's kernel refuses to replace what the client has there (EPERM or EACCES): an attribute ('lsattr') or a security module forbids it.";
        else if (outcome is ChangeOutcome.Busy or ChangeOutcome.OtherFileSystem) _refused[path] = "Something is mounted there on the server, so it cannot be replaced.";
    }

    private void Race(RepoPath path, string name)
    {
        _raced.Add(path);
        var staging = _tree.Staging.Directory;
        if (!staging.TryStatus(name, out var status)) return;
        // Ours is not needed; anything else is the client's, and is never dropped.
        if (_staged.TryGetValue(path, out var inode) && inode == status.Inode) staging.Unlink(name);
        else staging.Rename(name, _tree.Staging.Kept, LostName(path));
    }

    private string LostName(RepoPath path) => KeptFiles.LostNameOf(StagingArea.NameOf(path), _now);

    private DirectoryDescriptor? Open(RepoPath? path)
    {
        if (path is not { } directory) return _tree.Root;
        if (_directories.TryGetValue(directory.Value, out var known) && known is not null) return known;
        var opened = _tree.Root.OpenDirectory(directory.Value, out var found) == OpenOutcome.Opened ? found : null;
        _directories[directory.Value] = opened;
        return opened;
    }

    private void Forget(RepoPath path)
    {
        if (_directories.Remove(path.Value, out var known)) known?.Dispose();
    }

    private static void Expect(ChangeOutcome outcome, RepoPath path)
    {
        if (outcome != ChangeOutcome.Done) throw new IOException($"The new version of {path} cannot be staged ({outcome}).");
    }
}
