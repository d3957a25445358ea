using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Adoption;

/// <summary>Networks as exports(5) has them: an address of the network, and a length or a mask behind a slash.</summary>
internal static class AddressedNetwork
{
    /// <summary>Reads one; an address alone is none.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPAddress.TryParse(text[..slash], out var address)) return false;
        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            if (!IPAddress.TryParse(text[(slash + 1)..], out var mask) || mask.AddressFamily != address.AddressFamily) return false;
            length = mask.GetAddressBytes().Sum(octet => BitOperations.PopCount(octet));
        }

        if (length > most) return false;
        network = AddressAgreement.NetworkOf(address, length);
        return true;
    }
}
