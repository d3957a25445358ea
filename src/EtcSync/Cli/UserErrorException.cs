namespace EtcSync.Cli;

/// <summary>A command cannot go on, for a reason that its user can mend. The message is all that is shown.</summary>
/// <param name="message">Whole sentences: what, where, and what to do; several lines are several problems.</param>
internal sealed class UserErrorException(string message) : Exception(message);
