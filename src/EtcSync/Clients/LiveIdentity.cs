using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EtcSync.Core.Clients;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;

namespace EtcSync.Clients;

/// <summary>
/// What a machine is known by, as its live /etc has it: hashes, no values. Clients can write these files, so no link is followed, only
/// small regular files are read, and only so many.
/// </summary>
/// <param name="MachineId">Its machine-id; null where it has none, or makes one at its first boot.</param>
/// <param name="HostName">Its host name; null where it has none.</param>
/// <param name="HostKeys">Its SSH host keys, by the names of the private ones.</param>
/// <param name="Unreadable">The files that are there and were not read, and why, as the end of a sentence.</param>
internal sealed partial record LiveIdentity(IdentityPart? MachineId, IdentityPart? HostName, ImmutableArray<IdentityPart> HostKeys, ImmutableArray<(string Path, string Why)> Unreadable)
{
    private const string MachineIdFile = "machine-id";
    private const string HostnameFile = "hostname";
    private const int LargestFile = 64 << 10;

    // ssh-keygen knows four types.
    private const int MostKeys = 16;

    /// <summary>Reads it.</summary>
    /// <param name="top">The top of an /etc.</param>
    public static LiveIdentity Read(DirectoryDescriptor top)
    {
        var unreadable = ImmutableArray.CreateBuilder<(string Path, string Why)>();
        // machine-id(5): empty or "uninitialized" until the first boot.
        var id = Text(top, MachineIdFile, unreadable) is { Length: > 0 } text and not "uninitialized" ? PartOf(MachineIdFile, text) : null;
        var name = Text(top, HostnameFile, unreadable) is { Length: > 0 } host ? PartOf(HostnameFile, host) : null;
        return new(id, name, Keys(top, unreadable), unreadable.ToImmutable());
    }

    /// <summary>The parts that EtcSync takes care of.</summary>
    /// <param name="policy">Says which.</param>
    /// <param name="name">The client: a host name that is its own is shared with nobody; null for upstream.</param>
    public ImmutableArray<IdentityPart> Under(IdentityPolicy policy, ClientName? name)
    {
        var parts = ImmutableArray.CreateBuilder<IdentityPart>();
        if (policy.MachineId == MachineIdPolicy.Generate && MachineId is { } id) parts.Add(id);
        if (policy.Hostname == HostnamePolicy.Write && HostName is { } host && (name is not { } own || host != PartOf(HostnameFile, own.Value))) parts.Add(host);
        if (policy.SshHostKeys != SshHostKeyPolicy.Keep) parts.AddRange(HostKeys);
        return parts.ToImmutable();
    }

    private static IdentityPart PartOf(string key, string value) => PartOf(key, Encoding.UTF8.GetBytes(value));

    private static IdentityPart PartOf(string key, byte[] value) => new(key, Convert.ToHexStringLower(SHA256.HashData(value)));

    private static ImmutableArray<IdentityPart> Keys(DirectoryDescriptor top, ImmutableArray<(string Path, string Why)>.Builder unreadable)
    {
        if (top.OpenDirectory("ssh", out var opened) != OpenOutcome.Opened) return [];
        using var ssh = opened!;
        var names = new List<string>();
        foreach (var entry in ssh.Enumerate())
        {
            if (names.Count < MostKeys && PrivateKey().IsMatch(entry.Name)) names.Add(entry.Name);
        }

        return [.. names.Order(StringComparer.Ordinal).Select(name => Content(ssh, name, $"ssh/{name}", unreadable) is { Length: > 0 } key ? PartOf(name, key) : null).OfType<IdentityPart>()];
    }

    // What surrounds the word says nothing: the same id is the same with and without a line break.
    private static string? Text(DirectoryDescriptor directory, string name, ImmutableArray<(string Path, string Why)>.Builder unreadable) =>
        Content(directory, name, name, unreadable) is { } content ? Encoding.UTF8.GetString(content).Trim() : null;

    private static byte[]? Content(DirectoryDescriptor directory, string name, string path, ImmutableArray<(string Path, string Why)>.Builder unreadable)
    {
        switch (directory.ReadFile(name, LargestFile))
        {
            case ReadOutcome.Content content:
                return content.Bytes;
            case ReadOutcome.Vanished:
                return null;
            case ReadOutcome.OtherKind:
                unreadable.Add((path, "is not a regular file, and was not looked at."));
                return null;
            default:
                unreadable.Add((path, "is too large, or changed while it was read."));
                return null;
        }
    }

    [GeneratedRegex(@"\Assh_host_[a-z0-9]+_key\z", RegexOptions.NonBacktracking)]
    private static partial Regex PrivateKey();
}
