namespace EtcSync.Core.Policies;

/// <summary>The rule that decided something.</summary>
/// <param name="File">The file it stands in, as it was named to the loader.</param>
/// <param name="Line">The line where the rule begins, from 1.</param>
public sealed record PolicySource(string File, int Line)
{
    /// <summary><c>file:line</c>.</summary>
    public override string ToString() => $"{File}:{Line}";
}
