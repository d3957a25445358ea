using System.Collections.Immutable;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Doctor;

/// <summary>What of the shared root is a secret that everybody reads who may mount it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Paths">Where, as the configuration spells it.</param>
public sealed record Exposure(ExposureKind Kind, ImmutableArray<string> Paths)
{
    /// <summary>By what it is acknowledged.</summary>
    public string Id => IdOf(Kind);

    /// <summary>All ids there are.</summary>
    public static ImmutableArray<string> Ids { get; } = [.. Enum.GetValues<ExposureKind>().Select(IdOf)];

    private static string IdOf(ExposureKind kind) => kind switch
    {
        ExposureKind.History => "exposed-history",
        ExposureKind.Passwords => "exposed-passwords",
        ExposureKind.HostKeys => "exposed-host-keys",
        ExposureKind.PrivateKeys => "exposed-private-keys",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An unknown kind of secret."),
    };
}

/// <summary>Kinds of secrets in the shared root.</summary>
public enum ExposureKind
{
    /// <summary>Upstream's repository, with everything that was ever committed.</summary>
    History,

    /// <summary>Hashes of passwords with which somebody can log in.</summary>
    Passwords,

    /// <summary>Private ssh host keys.</summary>
    HostKeys,

    /// <summary>Other private keys and keytabs.</summary>
    PrivateKeys,
}

/// <summary>Something by which a machine is known, and of which there must be no second one.</summary>
/// <param name="Owner">Whose: a client's name, or "upstream".</param>
/// <param name="Path">The file, below /etc.</param>
/// <param name="Digest">A hash of its content.</param>
public sealed record IdentityDigest(string Owner, string Path, string Digest);

/// <summary>A client that does not move, because a person said so.</summary>
/// <param name="Name">The client.</param>
/// <param name="Since">Since when.</param>
/// <param name="By">Who said so.</param>
public sealed record HeldClient(ClientName Name, DateTimeOffset Since, string By);

/// <summary>A file that clients boot from, asked for by TFTP.</summary>
/// <param name="Name">Its name below the boot directory.</param>
/// <param name="Problem">What is wrong about the answer, as a sentence; null where it was served byte for byte as it is on the disk.</param>
public sealed record TftpCheck(string Name, string? Problem);
