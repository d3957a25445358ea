using EtcSync.Core.Paths;

namespace EtcSync.Cli;

/// <summary>Paths as people write what they see: <c>/etc/motd</c>, <c>motd</c>, <c>./motd</c>, <c>ssh/</c>.</summary>
internal static class EtcPath
{
    private const string Top = "/etc/";

    /// <summary>Reads one.</summary>
    /// <exception cref="UserErrorException">It is no path below /etc.</exception>
    public static RepoPath Parse(string argument)
    {
        var text = argument.StartsWith(Top, StringComparison.Ordinal) ? argument[Top.Length..] : argument.StartsWith("./", StringComparison.Ordinal) ? argument[2..] : argument;
        return RepoPath.TryParse(text.TrimEnd('/'), out var path) ? path : throw new UserErrorException($"'{argument}' is no path below /etc. Write it like 'ssh/sshd_config'.");
    }
}
