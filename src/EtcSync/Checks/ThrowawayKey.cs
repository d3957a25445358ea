using System.Security.Cryptography;
using System.Text;

namespace EtcSync.Checks;

/// <summary>A private key that stands for all others in a checked tree: no checker ever sees one that opens anything. Made once in a process, and never written anywhere.</summary>
internal static class ThrowawayKey
{
    private static readonly Lazy<byte[]> Made = new(Make);

    /// <summary>The key as OpenSSL and OpenSSH read it.</summary>
    public static byte[] Pem => Made.Value;

    private static byte[] Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(key.ExportECPrivateKeyPem() + "\n");
    }
}
