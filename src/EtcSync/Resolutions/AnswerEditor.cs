using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Resolutions;

/// <summary>Has a person edit a text that may be secret: in a directory of the state, which nobody else can enter, and of which nothing stays.</summary>
internal sealed class AnswerEditor(StateDirectory state, string editor)
{
    private const int OwnerOnly = 0x180; // 0600

    /// <summary>Runs the editor and returns what it left.</summary>
    /// <param name="digest">The dispute: two people edit different ones at the same time, never the same.</param>
    /// <param name="name">The file's name, by which editors choose how to show it.</param>
    /// <param name="content">What is there to edit.</param>
    /// <param name="longest">How long the result may be.</param>
    /// <exception cref="IOException">The editor failed, or somebody else edits the same; a sentence.</exception>
    public byte[] Edit(string digest, string name, byte[] content, long longest)
    {
        StateDirectory.MakePrivate(state.Edits);
        using var held = LockFile.TryAcquire(LockOf(digest), "etcsync resolve") switch
        {
            LockOutcome.Acquired acquired => acquired.Lock,
            LockOutcome.Held other => throw new IOException($"This dispute is being edited: it is {other.Holder}."),
            _ => throw new InvalidOperationException("A lock has an unknown outcome."),
        };
        RemoveAbandoned(digest);
        var directory = Path.Combine(state.Edits, digest);
        StateDirectory.MakePrivate(directory);
        try
        {
            var file = Path.Combine(directory, name);
            SecureDirectory.WriteFile(file, content, OwnerOnly);
            Run(file);
            var made = new FileInfo(file);
            if (!made.Exists || made.LinkTarget is not null) throw new IOException("The editor left no file.");
            return made.Length <= longest ? File.ReadAllBytes(file) : throw new IOException($"The file has {made.Length} bytes; the limit (limits.file-size) is {longest}.");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // As words: no shell looks at them, so that nothing in the environment runs more than one program.
    private void Run(string file)
    {
        var words = editor.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0) throw new IOException("VISUAL and EDITOR name no program.");
        var start = new ProcessStartInfo(words[0]) { UseShellExecute = false, WorkingDirectory = Path.GetDirectoryName(file) };
        foreach (var word in words[1..]) start.ArgumentList.Add(word);
        start.ArgumentList.Add(file);
        try
        {
            using var process = Process.Start(start) ?? throw new IOException($"The editor '{words[0]}' did not start.");
            process.WaitForExit();
            if (process.ExitCode != 0) throw new IOException($"The editor '{words[0]}' ended with {process.ExitCode}.");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"The editor '{words[0]}' cannot be started: {Marshal.GetPInvokeErrorMessage(e.NativeErrorCode)}. VISUAL or EDITOR names it.", e);
        }
    }

    // A killed process leaves its text behind; only what nobody edits any more goes.
    private void RemoveAbandoned(string own)
    {
        foreach (var directory in Directory.EnumerateDirectories(state.Edits))
        {
            var digest = Path.GetFileName(directory);
            using var held = digest == own ? null : (LockFile.TryAcquire(LockOf(digest), "etcsync resolve") as LockOutcome.Acquired)?.Lock;
            if (digest == own || held is not null) Directory.Delete(directory, recursive: true);
        }
    }

    private string LockOf(string digest) => Path.Combine(state.Edits, digest + ".lock");
}
