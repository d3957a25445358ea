namespace EtcSync.Cli;

/// <summary>What a command tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Everything is in order.</summary>
    public const int InOrder = 0;

    /// <summary>Something could not be done, or was asked for in a way that is not understood.</summary>
    public const int Failed = 1;

    /// <summary>A person has to decide something.</summary>
    public const int PersonNeeded = 2;

    /// <summary>The graver of two: a failure hides nothing that a person must decide, but it comes first.</summary>
    public static int Worse(int one, int other) => (one, other) switch
    {
        (Failed, _) or (_, Failed) => Failed,
        _ => Math.Max(one, other),
    };
}
