using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;

namespace EtcSync.Adoption;

/// <summary>Reads what makes a machine itself from its live /etc. Values leave here only as hashes.</summary>
internal static partial class IdentityReader
{
    private const int Limit = 64 * 1024;

    /// <summary>The parts of an identity that policy has an opinion on.</summary>
    /// <param name="top">The top of a work tree.</param>
    /// <param name="policy">What of it EtcSync takes care of.</param>
    /// <param name="name">The client whose tree it is: a host name that is its own counts as unique; null for upstream.</param>
    public static ImmutableArray<IdentityPart> Read(DirectoryDescriptor top, IdentityPolicy policy, ClientName? name)
    {
        var parts = ImmutableArray.CreateBuilder<IdentityPart>();
        // machine-id(5): empty or "uninitialized" until the first boot.
        if (policy.MachineId == MachineIdPolicy.Generate && Text(top, "machine-id") is { Length: > 0 } id && id != "uninitialized") parts.Add(new("machine-id", Hash(Encoding.UTF8.GetBytes(id))));
        if (policy.Hostname == HostnamePolicy.Write && Text(top, "hostname") is { Length: > 0 } host && host != name?.Value) parts.Add(new("hostname", Hash(Encoding.UTF8.GetBytes(host))));
        if (policy.SshHostKeys != SshHostKeyPolicy.Keep) parts.AddRange(HostKeys(top));
        return parts.ToImmutable();
    }

    /// <summary>The SSH host keys of a machine, by the names of the private ones.</summary>
    public static ImmutableArray<IdentityPart> HostKeys(DirectoryDescriptor top)
    {
        if (top.OpenDirectory("ssh", out var opened) != OpenOutcome.Opened) return [];
        using var ssh = opened!;
        var names = new List<string>();
        foreach (var entry in ssh.Enumerate())
        {
            if (PrivateKey().IsMatch(entry.Name)) names.Add(entry.Name);
        }

        return [.. names.Order(StringComparer.Ordinal).Select(name => (Name: name, Content: ssh.ReadFile(name, Limit) as ReadOutcome.Content)).Where(key => key.Content is { Bytes.Length: > 0 }).Select(key => new IdentityPart(key.Name, Hash(key.Content!.Bytes)))];
    }

    private static string? Text(DirectoryDescriptor top, string name) => top.ReadFile(name, Limit) is ReadOutcome.Content content ? Encoding.UTF8.GetString(content.Bytes).Trim() : null;

    private static string Hash(byte[] value) => ObjectId.Hash(ObjectType.Blob, value).ToString();

    [GeneratedRegex(@"\Assh_host_[a-z0-9]+_key\z", RegexOptions.NonBacktracking)]
    private static partial Regex PrivateKey();
}
