namespace EtcSync.Core.Dnsmasq;

/// <summary>
/// Hardware addresses as dnsmasq writes and reads them: bytes of one or two digits between ':' (or '-'), <c>*</c> for any byte, in
/// front perhaps the kind of network in hexadecimal and a '-'.
/// </summary>
internal static class HardwareAddress
{
    private const int Longest = 16;

    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ethernet">Six pairs of digits with ':' between, where it is the address of one Ethernet card; null where it is another.</param>
    /// <returns>False where it is no hardware address at all.</returns>
    public static bool TryRead(string text, out string? ethernet)
    {
        ethernet = null;
        var kind = 1;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0 && dash < text.IndexOf(':', StringComparison.Ordinal))
        {
            if (!int.TryParse(text.AsSpan(0, dash), System.Globalization.NumberStyles.AllowHexSpecifier, null, out kind)) return false;
            text = text[(dash + 1)..];
        }

        var octets = new List<string>();
        foreach (var part in text.Split(':', '-'))
        {
            if (part == "*") octets.Add(part);
            else if (!part.All(char.IsAsciiHexDigit)) return false;
            else octets.AddRange(part.Length <= 2 ? part.Length == 0 ? [] : [part.PadLeft(2, '0')] : part.Chunk(2).Select(pair => new string(pair).PadLeft(2, '0')));
        }

        if (octets.Count is 0 or > Longest) return false;
        if (octets.Count == 6 && kind is 0 or 1 && !octets.Contains("*")) ethernet = string.Join(':', octets).ToLowerInvariant();
        return true;
    }
}
