using System.Collections.Immutable;

namespace EtcSync.Core.Boot;

/// <summary>How a machine starts a boot loader that it got over the network.</summary>
public enum ClientArchitecture
{
    /// <summary>As a PC always did.</summary>
    Bios,

    /// <summary>By UEFI of 32 bits.</summary>
    Efi32,

    /// <summary>By UEFI of 64 bits.</summary>
    Efi64,
}

/// <summary>How machines name their architecture in DHCP.</summary>
public static class ClientArchitectures
{
    /// <summary>
    /// The numbers of an architecture in DHCP option 93 (RFC 4578, 2.1, and IANA's "Processor Architecture Types"). The RFC as printed
    /// calls 64-bit UEFI 9 and its erratum 7; machines send either.
    /// </summary>
    public static ImmutableArray<int> Codes(ClientArchitecture architecture) => architecture switch
    {
        ClientArchitecture.Bios => [0],
        ClientArchitecture.Efi32 => [6],
        ClientArchitecture.Efi64 => [7, 9],
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };
}
