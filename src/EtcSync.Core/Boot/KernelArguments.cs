using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Boot;

/// <summary>The kernel's command line with which a client mounts the shared root and its own /etc.</summary>
internal static class KernelArguments
{
    /// <summary>What the client's initramfs replaces by the name that DHCP gave it.</summary>
    public const string NameToken = "HOSTNAME";

    /// <summary>
    /// The command line: the arguments that mount, then the settings', then the variant's. An argument of a person that has the name of one
    /// of ours (<c>ip=</c>, <c>nfsroot=</c>) stands for it.
    /// </summary>
    public static string Of(Settings settings, IPAddress server, params string[] further)
    {
        List<string> words = [.. further.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        string[] ours = ["root=/dev/nfs", $"nfsroot={server}:{settings.Root},ro", "ip=dhcp", $"etc={server}:{ClonePath(settings)}"];
        return string.Join(' ', ours.Where(own => !words.Exists(word => word.StartsWith(own[..(own.IndexOf('=', StringComparison.Ordinal) + 1)], StringComparison.Ordinal))).Concat(words));
    }

    /// <summary>The address from which clients boot: initial file systems speak IPv4 only. Null where the settings have none.</summary>
    public static IPAddress? Server(Settings settings) => settings.Server.Addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);

    /// <summary>The settings' own arguments that keep a client from booting what EtcSync chose.</summary>
    public static bool NamesAnInitramfs(string arguments) => arguments.Split(' ').Any(word => word.StartsWith("initrd=", StringComparison.Ordinal));

    private static string ClonePath(Settings settings) => settings.Clones.Text.Replace("{name}", NameToken, StringComparison.Ordinal);
}
