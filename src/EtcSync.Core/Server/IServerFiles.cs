using System.Collections.Immutable;

namespace EtcSync.Core.Server;

/// <summary>One part of the server's files: what must be in them, and what others wrote that does not fit. Pure.</summary>
internal interface IServerFiles
{
    /// <summary>Which part.</summary>
    ServerPart Part { get; }

    /// <summary>The files as they must be, each path once.</summary>
    ImmutableArray<GeneratedFile> Render(ServerObservation observation);

    /// <summary>What cannot be rendered (refusals), and what others wrote that contradicts it.</summary>
    ImmutableArray<ServerFinding> Check(ServerObservation observation);
}
