using System.Globalization;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Exports;

/// <summary>Which options of exports(5) people may add to ours: none that takes from a client what it needs, and none that gives it more than it must have.</summary>
internal static class ExportOptionRules
{
    /// <summary>Why an option cannot be added to the shared root's export; null where it can.</summary>
    public static string? AgainstRoot(string option, string security) => option switch
    {
        "fsid=0" or "fsid=root" => $"{Quoted.Text(option)} would make the shared root the top of what NFSv4 shows, and no client could reach its own /etc. Leave it out, or write another number or a UUID.",
        _ when option.StartsWith("fsid=", StringComparison.Ordinal) => IsFileSystemId(option["fsid=".Length..]) ? null : $"{Quoted.Text(option)} names no file system. Write a number above 0, or a UUID with 32 hexadecimal digits.",
        _ => Against(option, security),
    };

    /// <summary>Why an option cannot be added to the exports of the clients' own /etc; null where it can.</summary>
    public static string? AgainstClients(string option, string security) => option.StartsWith("fsid=", StringComparison.Ordinal)
        ? $"{Quoted.Text(option)} would give the /etc of all clients the same file system id. Leave it out: where one is needed, EtcSync gives each its own."
        : Against(option, security);

    private static string? Against(string option, string security)
    {
        var quoted = Quoted.Text(option);
        if (EffectiveOptions.Term(option) is not var (term, _)) return $"exports(5) has no option {quoted}. Write each by itself, such as async or mp.";
        var value = option.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? option[(equals + 1)..] : "";
        return term switch
        {
            "access" => $"{quoted} cannot be chosen: the shared root is exported read-only, and each /etc read-write.",
            "root_squash" or "all_squash" => $"{quoted} cannot be chosen: a client's root must be root in its own /etc, so 'no_root_squash' is always there. Leave it out.",
            "subtree_check" => $"Write 'subtree-check: true' or 'subtree-check: false' in place of {quoted}.",
            "sec" => $"Write it as 'security: {value}', which counts for all exports.",
            "refer" or "replicas" or "reexport" => $"{quoted} would lead clients to another server. Leave it out.",
            "secure" when option == "insecure" && security.Split(':').Contains("sys") => "'insecure' would let every program on a client, and not only its root, write the client's /etc as root. Leave it out, or have clients prove who they are ('security: krb5').",
            "anonuid" or "anongid" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? null : $"{quoted} must name an account other than root's by its number, such as {term}=65534.",
            "xprtsec" => value.Split(':').All(mode => mode is "none" or "tls" or "mtls") ? null : $"{quoted} must name none, tls or mtls, or several of them with ':' between.",
            "mountpoint" when option.Contains('=', StringComparison.Ordinal) => SystemPath.TryParse(value, out _, out var reason) ? null : reason,
            _ => null,
        };
    }

    // valid_uuid() of nfs-utils counts the hexadecimal digits and takes anything between them.
    private static bool IsFileSystemId(string text) =>
        (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) || (text.Count(char.IsAsciiHexDigit) == 32 && text.All(c => char.IsAsciiHexDigit(c) || c is '-' or ':'));
}
