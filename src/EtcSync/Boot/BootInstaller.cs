using System.Collections.Immutable;
using EtcSync.FileSystem;
using EtcSync.Fleet;

namespace EtcSync.Boot;

/// <summary>Makes a planned change of the shared root: writes the hooks, builds the images, and puts everything back where that fails.</summary>
internal sealed class BootInstaller(Workspace workspace, Action<string> said)
{
    /// <summary>What is added to the name of an image that was replaced.</summary>
    public const string OldEnding = ".old";

    private const int Readable = 0x1A4; // 0644
    private const int LargestImage = 1 << 30;
    private const int ShownLines = 15;

    private readonly string _place = workspace.Locations.Map(workspace.Settings.Root);

    private string BootPlace => workspace.Locations.Map(BootDirectoryReader.PathIn(workspace.Settings.Root));

    /// <summary>Writes the files only: for images that a client builds.</summary>
    /// <exception cref="IOException">A file cannot be written; those before it are as they were.</exception>
    public void Write(BootInstallation plan)
    {
        var files = new SharedRootFiles(_place);
        var done = new Stack<SharedRootChange>();
        try
        {
            foreach (var change in plan.Changes)
            {
                done.Push(change);
                files.Write(change.Path, change.After, change.Mode);
            }
        }
        catch
        {
            PutBack(files, done);
            throw;
        }
    }

    /// <summary>Writes the files and builds the images; the replaced ones stay beside them.</summary>
    /// <returns>The images that were built.</returns>
    /// <exception cref="IOException">Something failed. Everything is as it was; the message ends with what the builder said last.</exception>
    public ImmutableArray<string> WriteAndBuild(BootInstallation plan, InitramfsBuilder builder, CancellationToken cancellation)
    {
        var files = new SharedRootFiles(_place);
        Keep(plan.Images);
        Write(plan);
        try
        {
            Build(builder, cancellation);
            var built = BootInstallation.Plan(workspace).Images;
            if (built.IsEmpty) throw new IOException($"There is no initramfs in {BootPlace} after the build. Is a kernel installed in the shared root?");
            foreach (var image in built) MakeReadable(image);
            return built;
        }
        catch
        {
            PutBack(files, plan.Changes.Reverse());
            foreach (var image in plan.Images) File.Move($"{BootPlace}/{image}{OldEnding}", $"{BootPlace}/{image}", overwrite: true);
            throw;
        }
    }

    private void Build(InitramfsBuilder builder, CancellationToken cancellation)
    {
        var last = new Queue<string>();
        var code = InitramfsBuild.Run(
            _place,
            builder,
            line =>
            {
                last.Enqueue(line);
                if (last.Count > ShownLines) last.Dequeue();
                said(line);
            },
            cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (code != 0) throw new IOException($"'{string.Join(' ', InitramfsBuild.CommandOf(builder))}' failed in the shared root with code {code}. Everything there is as it was before. It said last:\n{string.Join('\n', last)}");
    }

    // A client may be allowed to write here: what is copied is opened as itself, never through a link.
    private void Keep(ImmutableArray<string> images)
    {
        if (images.IsEmpty) return;
        if (DirectoryDescriptor.OpenRoot(BootPlace, out var directory) != OpenOutcome.Opened) throw new IOException($"{BootPlace} is no directory.");
        using (directory)
        {
            foreach (var image in images)
            {
                if (directory!.ReadFile(image, LargestImage) is not ReadOutcome.Content content) throw new IOException($"{BootPlace}/{image} cannot be kept: it is no regular file, or too large, or is being written. Try again when nobody builds it.");
                SecureDirectory.WriteFile($"{BootPlace}/{image}{OldEnding}", content.Bytes, content.Status.Mode);
            }
        }
    }

    private void MakeReadable(string image)
    {
        if (DirectoryDescriptor.OpenRoot(BootPlace, out var directory) != OpenOutcome.Opened) return;
        using (directory)
        {
            if (directory!.OpenReference(image, out var reference) != OpenOutcome.Opened) return;
            using (reference)
            {
                if (reference!.Status() is { Kind: FileKind.Regular } status && (status.Mode & Readable) != Readable) reference.SetMode(status.Mode | Readable);
            }
        }
    }

    private static void PutBack(SharedRootFiles files, IEnumerable<SharedRootChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Before is null) files.Remove(change.Path);
            else files.Write(change.Path, change.Before, mode: null);
        }
    }
}
