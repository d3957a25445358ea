using EtcSync.Core.Hooks;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Git;

namespace EtcSync.Hooks;

/// <summary>Upstream's pre-commit hook, the one file of upstream's that EtcSync writes; and only where a person says so.</summary>
internal sealed class PreCommitHook
{
    private const int NewMode = 0x1ED; // 0755
    private const int Executable = 0x49; // 0111
    private const int Limit = 1024 * 1024;
    private const string Name = "pre-commit";

    private readonly string _directory;
    private readonly FileStatus? _status;

    private PreCommitHook(string directory, HookScript script, FileStatus? status) => (_directory, Script, _status) = (directory, script, status);

    /// <summary>The file.</summary>
    public string File => Path.Combine(_directory, Name);

    /// <summary>What is in it.</summary>
    public HookScript Script { get; }

    /// <summary>Whether there is a file that git would not run.</summary>
    public bool IsIgnored => _status is { } status && (status.Mode & Executable) == 0;

    /// <summary>Finds it.</summary>
    /// <exception cref="IOException">There is no upstream, or what is there is no file, or git looks for hooks elsewhere.</exception>
    public static PreCommitHook Find(Workspace workspace)
    {
        var upstream = workspace.Upstream.Observe();
        if (upstream.GitDirectory is not { } git) throw new IOException(upstream.Problem);
        // The repository's own configuration alone: where the user's leads elsewhere, etckeeper's hook does not run either.
        var directory = Path.Combine(CommonDirectory.Of(git), "hooks");
        if (GitProgram.Run(git, ["config", "--local", "--get", "core.hooksPath"]).Text.Trim() is { Length: > 0 } elsewhere && Path.GetFullPath(elsewhere, workspace.UpstreamDirectory) != Path.GetFullPath(directory))
        {
            throw new IOException($"Git looks for hooks of {workspace.UpstreamDirectory} in {elsewhere} (core.hooksPath). EtcSync leaves that alone: have the pre-commit hook there run 'etcsync hook run' as its last command, or unset core.hooksPath.");
        }

        if (DirectoryDescriptor.OpenRoot(directory, out var opened) != OpenOutcome.Opened)
        {
            return Path.Exists(directory) ? throw new IOException($"{directory} is not a directory (a link, perhaps). EtcSync writes no hook there.") : new(directory, HookScript.None, null);
        }

        using (opened)
        {
            if (!opened!.TryStatus(Name, out var status)) return new(directory, HookScript.None, null);
            if (status.Kind != FileKind.Regular) throw new IOException($"{directory}/{Name} is no regular file (a link, perhaps). EtcSync does not write through it: have what it leads to run 'etcsync hook run' as its last command.");
            return opened.ReadFile(Name, Limit) is ReadOutcome.Content content
                ? new(directory, HookScript.Parse(content.Bytes), content.Status)
                : throw new IOException($"{directory}/{Name} cannot be read.");
        }
    }

    /// <summary>Writes it, in one step, with the owner and mode that it has; removes it where nothing is left in it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(HookScript script)
    {
        var content = script.ToBytes();
        if (content.Length == 0)
        {
            System.IO.File.Delete(File);
            return;
        }

        Directory.CreateDirectory(_directory);
        SecureDirectory.WriteFile(File, content, _status?.Mode ?? NewMode, _status is { } status ? (status.Uid, status.Gid) : null);
    }
}
