using System.Collections.Immutable;
using EtcSync.Core.Server;

namespace EtcSync.Server;

/// <summary>The program that reads one part of the server's files, as this machine has it. In a sandbox (<c>--root</c>) none of them is asked.</summary>
internal interface IServerService
{
    /// <summary>Which part.</summary>
    ServerPart Part { get; }

    /// <summary>Has the real program look at the new files in a scratch place; a refusal keeps everything as it is.</summary>
    ImmutableArray<ServerFinding> TryOut(ServerPlan plan, CancellationToken cancellation);

    /// <summary>Tells the running program, once the files are in place. A refusal means that it did not take them; the old files are put back then, and it is called again.</summary>
    /// <param name="plan">The whole plan.</param>
    /// <param name="changed">What was written for this part.</param>
    /// <param name="cancellation">Ends waiting.</param>
    ImmutableArray<ServerFinding> Reload(ServerPlan plan, IReadOnlyList<FileChange> changed, CancellationToken cancellation);

    /// <summary>What the running program says, where that differs from what was meant.</summary>
    ImmutableArray<ServerFinding> ReadBack(ServerPlan plan, ServerObservation observation, CancellationToken cancellation);
}
