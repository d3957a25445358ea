namespace EtcSync.Core.Server;

/// <summary>The first line of a file that is ours as a whole: whose it is, and how to change it.</summary>
public static class FileHeader
{
    /// <summary>The line, without its end.</summary>
    public const string Line = Start + " from /etc/etcsync. Change the inventory or the settings there, then run 'etcsync server apply'; changes made here are replaced.";

    /// <summary>The line of one that was ours and was left to the administrator.</summary>
    public const string LeftLine = "# EtcSync wrote this file and has left it to you.";

    private const string Start = "# Written by EtcSync";

    /// <summary>Whether a text begins as ours do, or did in another version.</summary>
    public static bool IsOurs(string text) => text.StartsWith(Start, StringComparison.Ordinal);
}
