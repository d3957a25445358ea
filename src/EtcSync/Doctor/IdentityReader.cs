using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;
using EtcSync.FileSystem;
using EtcSync.Fleet;

namespace EtcSync.Doctor;

/// <summary>Reads what clients are known by, as hashes. Clients can write these files: links are not followed, and only small regular files are read.</summary>
internal sealed class IdentityReader(Workspace workspace)
{
    private const int Largest = 16 << 10;
    private const string Upstream = "upstream";
    private const string MachineId = "machine-id";
    private static readonly string[] HostKeys = ["ssh_host_ecdsa_key", "ssh_host_ed25519_key", "ssh_host_rsa_key"];

    private readonly ImmutableArray<IdentityDigest>.Builder _digests = ImmutableArray.CreateBuilder<IdentityDigest>();
    private readonly ImmutableArray<string>.Builder _unreadable = ImmutableArray.CreateBuilder<string>();

    /// <summary>The identities of these clients, and upstream's host keys, which are nobody's secret.</summary>
    public (ImmutableArray<IdentityDigest> Digests, ImmutableArray<string> Unreadable) Read(IEnumerable<Client> clients)
    {
        foreach (var client in clients) Read(client.Name.Value, workspace.CloneOf(client.Name), isClient: true);
        Read(Upstream, workspace.UpstreamDirectory, isClient: false);
        return (_digests.ToImmutable(), _unreadable.ToImmutable());
    }

    private void Read(string owner, string directory, bool isClient)
    {
        if (DirectoryDescriptor.OpenRoot(directory, out var opened) != OpenOutcome.Opened) return;
        using (opened)
        {
            if (isClient) Read(owner, opened!, MachineId, MachineId);
            if (opened!.OpenDirectory("ssh", out var ssh) != OpenOutcome.Opened) return;
            using (ssh)
            {
                foreach (var key in HostKeys) Read(owner, ssh!, key, $"ssh/{key}");
            }
        }
    }

    private void Read(string owner, DirectoryDescriptor directory, string name, string path)
    {
        switch (directory.ReadFile(name, Largest))
        {
            case ReadOutcome.Content { Bytes: var bytes }:
                // An id that is made at the first boot is none yet (machine-id(5)).
                if (Encoding.Latin1.GetString(bytes).Trim() is { Length: > 0 } text && text != "uninitialized") _digests.Add(new(owner, path, Convert.ToHexStringLower(SHA256.HashData(bytes))));
                break;
            case ReadOutcome.Vanished:
                break;
            case ReadOutcome.OtherKind:
                _unreadable.Add($"{path} of {owner} is not a regular file, and was not looked at.");
                break;
            default:
                _unreadable.Add($"{path} of {owner} is too large, or changed while it was read.");
                break;
        }
    }
}
