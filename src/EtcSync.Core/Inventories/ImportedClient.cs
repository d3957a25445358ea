using System.Collections.Immutable;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Inventories;

/// <summary>A client from a list.</summary>
/// <param name="Client">The client.</param>
/// <param name="Line">The line that it stands on, from 1.</param>
public sealed record ImportedClient(Client Client, int Line);

/// <summary>The clients of a list, in its order.</summary>
public sealed record ImportedClients(ImmutableArray<ImportedClient> Clients);
