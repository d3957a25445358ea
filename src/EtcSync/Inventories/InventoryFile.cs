using System.Text;
using EtcSync.Configuration;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Server;

namespace EtcSync.Inventories;

/// <summary>Changes the inventory's text, whole or not at all, one change at a time, and keeps what it was.</summary>
internal sealed class InventoryFile(Workspace workspace)
{
    private const int Readable = 0x1A4; // 0644
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(10);

    private readonly InventoryHistory _history = new(workspace);

    private string File => workspace.Locations.InventoryFile;

    // People may keep the file elsewhere, in a repository of their own, and a link to it here.
    private string Target => ServerFileWriter.Final(File);

    /// <summary>Why the change could not be kept in the history, although it was made; null where it was kept.</summary>
    public string? HistoryProblem { get; private set; }

    /// <summary>Whether another process edits the file at this moment.</summary>
    public static bool IsBeingEdited(Workspace workspace)
    {
        using var free = SharedLock.TryTake(workspace.State.InventoryLock, out var holder);
        return holder is not null;
    }

    /// <summary>Edits the file; nothing is written where the edit, or the configuration with it, has a problem.</summary>
    /// <param name="author">Who edits it.</param>
    /// <param name="what">With what, for the history: "client add pc01".</param>
    /// <param name="edit">Takes the name of the file for messages and its text, and gives the new text.</param>
    /// <param name="cancellation">Ends waiting for another process that edits it.</param>
    /// <returns>The configuration with the new inventory.</returns>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public Loaded<ConfigurationSet> Edit(Signature author, string what, Func<string, string, Loaded<string>> edit, CancellationToken cancellation) =>
        Edit(author, what, edit, _ => { }, cancellation);

    /// <inheritdoc cref="Edit(Signature, string, Func{string, string, Loaded{string}}, CancellationToken)"/>
    /// <param name="author">Who edits it.</param>
    /// <param name="what">With what, for the history.</param>
    /// <param name="edit">Takes the name of the file for messages and its text, and gives the new text.</param>
    /// <param name="before">What is done once it is known that the new text is good, before it is written; what it throws keeps the old one.</param>
    /// <param name="cancellation">Ends waiting for another process that edits it.</param>
    public Loaded<ConfigurationSet> Edit(Signature author, string what, Func<string, string, Loaded<string>> edit, Action<ConfigurationSet> before, CancellationToken cancellation)
    {
        using var held = Lock(cancellation);
        var (target, exists) = (Target, System.IO.File.Exists(Target));
        var found = exists ? System.IO.File.ReadAllText(target) : "";
        var edited = edit(File, found);
        if (edited.Value is not { } text) return Loaded.Failed<ConfigurationSet>(edited.Problems);
        // A person's letters would come out as others.
        if (text.Contains('\uFFFD', StringComparison.Ordinal) && NotUtf8(target) is var line and > 0)
            return Loaded.Failed<ConfigurationSet>([new(File, line, "", "It is not written in UTF-8 here, and cannot be changed without losing that. Save it as UTF-8 ('iconv -f latin1 -t utf8' translates the usual other one), and try again.")]);
        var checkedSet = Check(text);
        if (checkedSet.Value is not { } configuration) return checkedSet;
        Keep(() => _history.Found(found, exists ? Written(target) : workspace.Time.GetLocalNow()));
        before(configuration);
        if (text != found)
        {
            new ServerState(workspace.State).SetDue();
            Write(target, text);
        }

        Keep(() => _history.Record(author, what, text));
        return checkedSet;
    }

    /// <summary>Keeps what people changed in the file since EtcSync wrote it. Whoever edits it at this moment does so as well.</summary>
    public void KeepFound()
    {
        workspace.State.Prepare();
        if (LockFile.TryAcquire(workspace.State.InventoryLock, "etcsync") is not LockOutcome.Acquired { Lock: var free }) return;
        using var held = free;
        if (System.IO.File.Exists(Target)) Keep(() => _history.Found(System.IO.File.ReadAllText(Target), Written(Target)));
    }

    private static DateTimeOffset Written(string file) => new(System.IO.File.GetLastWriteTime(file));

    private static void Write(string target, string text)
    {
        if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(target)!, out var directory) != OpenOutcome.Opened) throw new IOException($"{Path.GetDirectoryName(target)} is no directory.");
        using (directory)
        {
            // Whoever may edit it may edit it afterwards.
            var name = Path.GetFileName(target);
            var before = directory!.TryStatus(name, out var status) ? status : default(FileStatus?);
            SecureDirectory.Replace(directory, name, Encoding.UTF8.GetBytes(text), before?.Mode ?? Readable, before is { } was ? (was.Uid, was.Gid) : null);
        }
    }

    // The first line that is not UTF-8; 0 where all are, or there is no file.
    private static int NotUtf8(string target)
    {
        if (!System.IO.File.Exists(target)) return 0;
        var bytes = System.IO.File.ReadAllBytes(target).AsSpan();
        for (var (line, start) = (1, 0); start < bytes.Length; line++)
        {
            var end = bytes[start..].IndexOf((byte)'\n') is var length and >= 0 ? start + length : bytes.Length;
            if (!System.Text.Unicode.Utf8.IsValid(bytes[start..end])) return line;
            start = end + 1;
        }

        return 0;
    }

    private LockFile Lock(CancellationToken cancellation)
    {
        workspace.State.Prepare();
        var outcome = LockFile.AcquireAsync(workspace.State.InventoryLock, "etcsync client", LockWait, workspace.Time, cancellation).GetAwaiter().GetResult();
        return outcome is LockOutcome.Acquired { Lock: var held } ? held : throw new IOException($"{File} is being edited ({((LockOutcome.Held)outcome).Holder}). Try again when that process is done.");
    }

    // Clients come and go whether or not it can be written down what was before.
    private void Keep(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            HistoryProblem = $"The inventory's history cannot be kept: {e.Message} Move {workspace.State.InventoryHistory} away to have a new one begun.";
        }
    }

    private Loaded<ConfigurationSet> Check(string inventory)
    {
        var locations = workspace.Locations;
        return ConfigurationSet.Load(
            new(locations.SettingsFile, System.IO.File.ReadAllText(locations.SettingsFile)),
            new(File, inventory),
            PolicySet.Combine(ConfigurationLoader.Shipped(), ConfigurationLoader.InDirectory(locations.PolicyDirectory)));
    }
}
