using System.Security.Cryptography;
using System.Text;

namespace EtcSync.Core.Dnsmasq;

/// <summary>
/// Names that dnsmasq answers only once it has read a certain version of our files: so the running one can be asked which it has.
/// They are below a domain that nobody else has (RFC 6761, 6.4).
/// </summary>
public static class Fingerprint
{
    /// <summary>The name whose text is the fingerprint of the options.</summary>
    public const string OptionsName = "options.etcsync.invalid";

    /// <summary>The address that the fingerprint of the lists stands for: one of RFC 5737, which no machine has.</summary>
    public const string ListsAddress = "192.0.2.1";

    /// <summary>The name that says which lists were read.</summary>
    public static string ListsName(string fingerprint) => $"{fingerprint}.lists.etcsync.invalid";

    /// <summary>The fingerprint of a text.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
