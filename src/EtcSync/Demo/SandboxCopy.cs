using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;

namespace EtcSync.Demo;

/// <summary>
/// Copies the machine's /etc into a sandbox as far as it is readable. What not everybody may read, what policy calls
/// secret and what looks like a private key is never read, or never written: a made-up file stands for it.
/// </summary>
internal sealed class SandboxCopy
{
    private const int MaximumFiles = 3_000;
    private const int MaximumSize = 256 * 1024;
    private const long MaximumTotal = 20 * 1024 * 1024;
    private const int Depth = 32;
    private const int ReadableByAll = 4;
    private static readonly byte[] MadeUp = "# Made up for the demonstration; the real file was not copied.\n"u8.ToArray();

    // EtcSync's own, repositories, and what would be a client's identity: the demonstration makes its own.
    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal)
    {
        ".git", ".etckeeper", ".gitignore", "etcsync", "hostname", "machine-id", "machine-info", "shadow", "gshadow", "shadow-", "gshadow-", "passwd-", "group-", "subuid-", "subgid-", "resolv.conf", "mtab",
    };

    private readonly PathPolicies _policies;
    private long _total;

    private SandboxCopy(PolicySet policies) => _policies = policies.PathsOf(ClientContext.None);

    /// <summary>Files that were copied.</summary>
    public int Files { get; private set; }

    /// <summary>Files that were made up.</summary>
    public int Secrets { get; private set; }

    /// <summary>Copies a directory into another, which is there and empty.</summary>
    public static SandboxCopy Copy(string source, string destination, PolicySet policies)
    {
        var copy = new SandboxCopy(policies);
        if (DirectoryDescriptor.OpenRoot(source, out var from) != OpenOutcome.Opened) return copy;
        using (from)
        {
            if (DirectoryDescriptor.OpenRoot(destination, out var to) != OpenOutcome.Opened) throw new IOException($"{destination} is not a directory.");
            using (to) copy.Fill(from!, to!, "", 0);
        }

        return copy;
    }

    private void Fill(DirectoryDescriptor from, DirectoryDescriptor to, string prefix, int depth)
    {
        var names = new List<string>();
        foreach (var entry in from.Enumerate()) names.Add(entry.Name);
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var path = prefix + name;
            if (Files >= MaximumFiles || _total >= MaximumTotal) return;
            if (!RepoPath.IsComponent(name) || !GitName.IsUtf8(name) || LeftOut.Contains(path) || path.StartsWith("ssh/ssh_host_", StringComparison.Ordinal)) continue;
            try
            {
                CopyEntry(from, to, name, path, depth);
            }
            catch (FileSystemException e) when (e.Error is Errno.EACCES or Errno.EPERM)
            {
                // An ordinary user sees only a part of /etc, and that part will do.
            }
        }
    }

    private void CopyEntry(DirectoryDescriptor from, DirectoryDescriptor to, string name, string path, int depth)
    {
        if (!from.TryStatus(name, out var status)) return;
        switch (status.Kind)
        {
            case FileKind.Directory when depth < Depth && from.OpenDirectory(name, out var source) == OpenOutcome.Opened:
                using (source) CopyDirectory(source!, to, name, path, depth, status);
                break;
            case FileKind.SymbolicLink when from.ReadLink(name) is ReadOutcome.Content link:
                to.CreateSymbolicLink(name, link.Bytes);
                Files++;
                break;
            case FileKind.Regular when status.Size <= MaximumSize && Content(from, name, path, status) is { } content:
                Write(to, name, content, status);
                break;
        }
    }

    private void CopyDirectory(DirectoryDescriptor source, DirectoryDescriptor to, string name, string path, int depth, in FileStatus status)
    {
        to.CreateDirectory(name);
        if (to.OpenDirectory(name, out var made) != OpenOutcome.Opened) throw new IOException($"{to.Path}/{name} cannot be made.");
        using (made)
        {
            Fill(source, made!, path + "/", depth + 1);
            if (Environment.IsPrivilegedProcess) made!.SetOwner(status.Uid, status.Gid);
            made!.SetMode(status.Mode);
        }
    }

    private byte[]? Content(DirectoryDescriptor from, string name, string path, in FileStatus status)
    {
        if ((status.Mode & ReadableByAll) == 0 || _policies.ForPath(path).Secret) return Secret();
        if (from.ReadFile(name, MaximumSize) is not ReadOutcome.Content content) return null;
        return content.Bytes.AsSpan().IndexOf("PRIVATE KEY"u8) >= 0 ? Secret() : content.Bytes;

        byte[] Secret()
        {
            Secrets++;
            return MadeUp;
        }
    }

    private void Write(DirectoryDescriptor to, string name, byte[] content, in FileStatus status)
    {
        if (to.CreateFile(name, content, out var file) != ChangeOutcome.Done) return;
        using (file)
        {
            if (Environment.IsPrivilegedProcess) file!.SetOwner(status.Uid, status.Gid);
            file!.SetMode(status.Mode);
        }

        Files++;
        _total += content.Length;
    }
}
