using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Server;

/// <summary>What was installed last: how a hand edit is told from our own words, and what is gone since.</summary>
/// <param name="Files">What was written to each place.</param>
/// <param name="Clients">The clients that were served.</param>
public sealed record InstalledFiles(ImmutableSortedDictionary<string, InstalledFile> Files, ImmutableArray<InstalledClient> Clients)
{
    /// <summary>Nothing was installed yet.</summary>
    public static InstalledFiles None { get; } = new(ImmutableSortedDictionary<string, InstalledFile>.Empty.WithComparers(StringComparer.Ordinal), []);

    /// <summary>The parts whose programs have not been told of all that was written: whoever was to tell them was killed before.</summary>
    public ImmutableSortedDictionary<ServerPart, ReloadKind> Untold { get; init; } = ImmutableSortedDictionary<ServerPart, ReloadKind>.Empty;

    /// <summary>Whether anything was ever installed.</summary>
    public bool IsEmpty => Files.IsEmpty;
}

/// <summary>A file, or a part of one, that was written.</summary>
/// <param name="Part">What it belongs to.</param>
/// <param name="Content">What was written, texts as Latin-1 (<see cref="ForeignFile"/>).</param>
/// <param name="Reload">What had to be told.</param>
public sealed record InstalledFile(ServerPart Part, GeneratedContent Content, ReloadKind Reload);

/// <summary>A client that was served, and what by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Macs">Its network cards.</param>
/// <param name="Addresses">Its addresses.</param>
public sealed record InstalledClient(ClientName Name, ValueArray<MacAddress> Macs, ValueArray<IPAddress> Addresses);
