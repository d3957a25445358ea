using System.Text.RegularExpressions;

namespace EtcSync.Demo;

/// <summary>What a server has beside upstream: a network, and in the shared root what clients boot. All of it is made up.</summary>
internal static partial class DemoServer
{
    private const string Address = "192.168.77.1";
    private const string Version = "6.12.0-1-demo";

    private static readonly (string Path, string Content)[] Files =
    [
        ($"boot/vmlinuz-{Version}", "a kernel\n"),
        ($"boot/initrd.img-{Version}", "an initial file system\n"),
        ($"usr/lib/modules/{Version}/modules.dep", ""),
        ("usr/lib/PXELINUX/pxelinux.0", "a boot loader\n"),
        ("usr/lib/syslinux/modules/bios/ldlinux.c32", "its library\n"),
        ("usr/lib/SYSLINUX.EFI/efi64/syslinux.efi", "a boot loader\n"),
        ("usr/lib/syslinux/modules/efi64/ldlinux.e64", "its library\n"),
    ];

    /// <summary>Puts kernel, initial file system and boot loader into a shared root.</summary>
    public static void Furnish(string sharedRoot)
    {
        foreach (var (path, content) in Files)
        {
            var file = Path.Combine(sharedRoot, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }
    }

    /// <summary>Settings with the address of a server that is not this machine.</summary>
    /// <param name="settings">As 'init' writes them, with or without an address that it found.</param>
    public static string Settle(string settings) =>
        ServerKey().Replace(settings, key => $"  {key.Groups["name"].Value}: {key.Groups["name"].Value switch { "address" => Address, "interface" => "lan0", _ => "192.168.77.0/24" }}");

    [GeneratedRegex("^  #?(?<name>address|interface|network): .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ServerKey();
}
