using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;

namespace EtcSync.Core.Doctor;

/// <summary>All that the doctor looked at.</summary>
public sealed record DoctorObservation
{
    /// <summary>What the server's files depend on.</summary>
    public required ServerObservation Server { get; init; }

    /// <summary>What would change in them.</summary>
    public required ServerPlan Plan { get; init; }

    /// <summary>What the running programs say otherwise than was meant; null where none was asked, as in a sandbox.</summary>
    public ImmutableArray<ServerFinding>? ReadBack { get; init; }

    /// <summary>What the configuration warns of.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What came of fetching the boot files; null where TFTP was not asked.</summary>
    public ImmutableArray<TftpCheck>? Tftp { get; init; }

    /// <summary>The clients on their way up, by name.</summary>
    public ImmutableArray<(ClientName Name, ClientLadder Ladder)> Ladders { get; init; } = [];

    /// <summary>Secrets in the shared root.</summary>
    public ImmutableArray<Exposure> Exposures { get; init; } = [];

    /// <summary>What clients are known by.</summary>
    public ImmutableArray<IdentityDigest> Identities { get; init; } = [];

    /// <summary>Files of identities that could not be read, with the reason.</summary>
    public ImmutableArray<string> UnreadableIdentities { get; init; } = [];

    /// <summary>Clients that are held.</summary>
    public ImmutableArray<HeldClient> Held { get; init; } = [];

    /// <summary>When the packages of the shared root changed last; null where that cannot be told.</summary>
    public DateTimeOffset? PackagesChanged { get; init; }

    /// <summary>What was acknowledged, by id.</summary>
    public ImmutableDictionary<string, Acknowledgement> Acknowledged { get; init; } = ImmutableDictionary<string, Acknowledgement>.Empty;
}
