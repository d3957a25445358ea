namespace EtcSync.Core.Etckeeper;

/// <summary>A line of a <c>.etckeeper</c> that was not understood, or that names something it must not name.</summary>
/// <param name="Number">Its number, from one.</param>
/// <param name="Text">Its text, as far as the first 200 bytes go. A client may have written it: show it escaped.</param>
public sealed record RejectedLine(int Number, string Text);
