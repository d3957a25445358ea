namespace EtcSync.Core.Server;

/// <summary>Something that a person should know about the server's files.</summary>
/// <param name="Part">What it is about.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Message">Whole sentences: what, why, and what to do.</param>
/// <param name="File">The file it stands in; null where it is about none.</param>
/// <param name="Line">The line, from 1; 0 where it is about the file as a whole.</param>
public sealed record ServerFinding(ServerPart Part, FindingLevel Level, string Message, string? File = null, int Line = 0)
{
    /// <summary>Where it is and what: <c>file:line: message</c>.</summary>
    public override string ToString() => File is null ? Message : Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

/// <summary>How bad a finding is, the worst first.</summary>
public enum FindingLevel
{
    /// <summary>Nothing is written while it is so.</summary>
    Refusal,

    /// <summary>A person has to act.</summary>
    Warning,

    /// <summary>Good to know.</summary>
    Note,
}
