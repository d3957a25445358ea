namespace EtcSync.Cli.Json;

/// <summary>What the doctor found, from 'etcsync doctor'.</summary>
internal sealed record DoctorJson(int Version, bool NeedsPerson, IReadOnlyList<DoctorCheckJson> Checks, IReadOnlyList<LadderJson> Clients);

/// <summary>One thing that was looked at.</summary>
internal sealed record DoctorCheckJson(string Name, string State, IReadOnlyList<DoctorFindingJson> Findings);

/// <summary>Something that was found.</summary>
internal sealed record DoctorFindingJson(string State, string Message, string? Id, AcknowledgedJson? Acknowledged);

/// <summary>Who accepted it, and when.</summary>
internal sealed record AcknowledgedJson(string By, DateTimeOffset At);

/// <summary>Where a client is on its way up.</summary>
internal sealed record LadderJson(string Name, string Rung, string Verdict, DateTimeOffset? LastSeen, bool NeedsPerson, string Message);
