using EtcSync.Core.Doctor;

namespace EtcSync.Cli;

/// <summary>How the boot ladder is called on the command line and in JSON.</summary>
internal static class LadderWords
{
    /// <summary>A rung in a word.</summary>
    public static string Of(Rung rung) => rung switch
    {
        Rung.None => "none",
        Rung.Lease => "lease",
        Rung.BootLoader => "boot-loader",
        Rung.Kernel => "kernel",
        Rung.Root => "root",
        Rung.Etc => "etc",
        Rung.Ping => "ping",
        Rung.Ssh => "ssh",
        _ => throw new ArgumentOutOfRangeException(nameof(rung), rung, "An unknown rung."),
    };

    /// <summary>A verdict in a word.</summary>
    public static string Of(LadderVerdict verdict) => verdict switch
    {
        LadderVerdict.Up => "up",
        LadderVerdict.Booting => "booting",
        LadderVerdict.Stopped => "stopped",
        LadderVerdict.OnUpstream => "on-upstream",
        LadderVerdict.Off => "off",
        LadderVerdict.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "An unknown verdict."),
    };

    /// <summary>Rung and verdict in a cell: "etc (up)".</summary>
    public static Cell Cell(ClientLadder ladder) => new(ladder.Reached == Rung.None ? Of(ladder.Verdict) : $"{Of(ladder.Reached)} ({Of(ladder.Verdict)})", ladder.Verdict switch
    {
        LadderVerdict.Up => Tint.Good,
        LadderVerdict.Booting => Tint.Notice,
        LadderVerdict.Stopped or LadderVerdict.OnUpstream => Tint.Bad,
        _ => Tint.None,
    });
}
