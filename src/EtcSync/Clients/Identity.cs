using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.Clients;

/// <summary>A file of a client's identity; null content removes upstream's.</summary>
internal sealed record IdentityFile(RepoPath Path, byte[]? Content, int Mode);

/// <summary>
/// What makes a client itself: machine-id, hostname, SSH host keys. Made once, kept in the state directory under the
/// client's name, and used again whenever its clone is made again.
/// </summary>
internal sealed partial class Identity(string directory)
{
    private const int Private = 0x180; // 0600
    private const int Readable = 0x1A4; // 0644
    private const int ReadOnly = 0x124; // 0444
    private static readonly RepoPath MachineId = RepoPath.Parse("machine-id");
    private static readonly RepoPath Hostname = RepoPath.Parse("hostname");

    /// <summary>The files that the policy gives a client whose upstream has this tree.</summary>
    /// <exception cref="IOException">ssh-keygen is missing or failed, or the identity cannot be stored.</exception>
    public IReadOnlyList<IdentityFile> Files(ClientName client, IdentityPolicy policy, IObjectReader objects, ObjectId tree)
    {
        SecureDirectory.CreateAll(directory);
        var files = new List<IdentityFile>();
        if (policy.MachineId == MachineIdPolicy.Generate) files.Add(new(MachineId, Remembered("machine-id", NewMachineId), ReadOnly));
        if (policy.Hostname == HostnamePolicy.Write) files.Add(new(Hostname, Encoding.ASCII.GetBytes($"{client}\n"), Readable));
        if (policy.SshHostKeys == SshHostKeyPolicy.Keep) return files;
        foreach (var (path, type, isPublic) in UpstreamKeys(objects, tree))
        {
            byte[]? content = null;
            if (policy.SshHostKeys == SshHostKeyPolicy.Generate && type is not null)
            {
                var name = $"ssh_host_{type}_key";
                Remembered(name, () => NewHostKey(client, type, name));
                content = File.ReadAllBytes(Path.Combine(directory, isPublic ? name + ".pub" : name));
            }

            files.Add(new(path, content, isPublic ? Readable : Private));
        }

        return files;
    }

    // sd_id128: 32 lowercase hexadecimal digits, a random UUID of version 4 without its dashes (machine-id(5)).
    private static byte[] NewMachineId()
    {
        var id = RandomNumberGenerator.GetBytes(16);
        id[6] = (byte)((id[6] & 0x0F) | 0x40);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(id) + "\n");
    }

    private static IEnumerable<(RepoPath Path, string? Type, bool IsPublic)> UpstreamKeys(IObjectReader objects, ObjectId tree)
    {
        if (TreeDiff.FindEntry(objects, tree, RepoPath.Parse("ssh")) is not { Mode: EntryMode.Directory, Id: var ssh }) yield break;
        foreach (var entry in objects.ReadTree(ssh).Entries)
        {
            if (HostKey().Match(entry.Name) is not { Success: true } match) continue;
            // ssh-keygen makes no DSA keys any more; such a key of upstream's is nobody's secret and goes.
            var type = match.Groups["type"].Value is "rsa" or "ecdsa" or "ed25519" ? match.Groups["type"].Value : null;
            yield return (RepoPath.Parse("ssh/" + entry.Name), type, match.Groups["pub"].Success);
        }
    }

    private byte[] Remembered(string name, Func<byte[]> make)
    {
        var file = Path.Combine(directory, name);
        if (File.Exists(file)) return File.ReadAllBytes(file);
        var made = make();
        if (!File.Exists(file)) SecureDirectory.WriteFile(file, made, Private);
        return made;
    }

    private byte[] NewHostKey(ClientName client, string type, string name)
    {
        var making = Path.Combine(directory, $".{name}.new");
        File.Delete(making);
        File.Delete(making + ".pub");
        var start = new ProcessStartInfo("ssh-keygen") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["-q", "-t", type, "-N", "", "-C", $"root@{client}", "-f", making]) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start) ?? throw new IOException("ssh-keygen did not start.");
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            _ = output.GetAwaiter().GetResult();
            if (process.ExitCode != 0) throw new IOException($"ssh-keygen could not make an {type} key for {client}: {error.Trim()}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"ssh-keygen cannot be started: {e.Message}. Install it (Debian: openssh-client, Arch: openssh), or set identity.ssh-host-keys to 'remove'.", e);
        }

        // The public key first: the private one is what says that the pair is there.
        File.Move(making + ".pub", Path.Combine(directory, name + ".pub"), overwrite: true);
        File.Move(making, Path.Combine(directory, name), overwrite: true);
        return File.ReadAllBytes(Path.Combine(directory, name));
    }

    [GeneratedRegex(@"^ssh_host_(?<type>[a-z0-9]+)_key(?<pub>\.pub)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HostKey();
}
