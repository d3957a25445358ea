using System.Collections.Immutable;

namespace EtcSync.Core.Doctor;

/// <summary>How something is, the best first.</summary>
public enum CheckState
{
    /// <summary>As it must be.</summary>
    Good,

    /// <summary>Good to know; nothing has to be done.</summary>
    Note,

    /// <summary>It could not be looked at.</summary>
    Unknown,

    /// <summary>A person has to act.</summary>
    Trouble,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What, in a word or two.</param>
/// <param name="Good">What to say where nothing was found.</param>
/// <param name="Findings">What was found.</param>
public sealed record DoctorCheck(string Name, string Good, ImmutableArray<DoctorFinding> Findings)
{
    /// <summary>How it is: as its worst finding that nobody has acknowledged.</summary>
    public CheckState State => Findings.Where(finding => finding.Acknowledged is null).Select(finding => finding.State).DefaultIfEmpty(CheckState.Good).Max();
}

/// <summary>Something that was found.</summary>
/// <param name="State">How bad it is.</param>
/// <param name="Message">Whole sentences: what, why it matters, and what to do.</param>
/// <param name="Id">By what it can be acknowledged; null where it is to be put right instead.</param>
/// <param name="Acknowledged">Who said that it is known and accepted; null where nobody did.</param>
public sealed record DoctorFinding(CheckState State, string Message, string? Id = null, Acknowledgement? Acknowledged = null);

/// <summary>A person's word that something is known and accepted.</summary>
/// <param name="By">Who said so.</param>
/// <param name="At">When.</param>
public sealed record Acknowledgement(string By, DateTimeOffset At);
