using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>What clients boot.</summary>
public sealed record BootSettings
{
    /// <summary>Whether the boot loader's files in the shared root's boot directory are ours to write.</summary>
    public bool Manage { get; init; } = true;

    /// <summary>The kernel's file name in the boot directory; null to look it up.</summary>
    public string? Kernel { get; init; }

    /// <summary>The initramfs' file name in the boot directory; null to look it up.</summary>
    public string? Initramfs { get; init; }

    /// <summary>Kernel arguments beside those that mount the root and /etc.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Who boots otherwise; the first that fits a client counts.</summary>
    public ValueArray<BootVariant> Variants { get; init; } = [];
}

/// <summary>What some clients boot otherwise than the rest.</summary>
/// <param name="Clients">Clients that it is for.</param>
/// <param name="Groups">Groups whose clients it is for.</param>
/// <param name="Kernel">Another kernel; null for the same.</param>
/// <param name="Initramfs">Another initramfs; null for the one that belongs to the kernel.</param>
/// <param name="Arguments">Further kernel arguments; empty for none.</param>
public sealed record BootVariant(ValueArray<ClientName> Clients, ValueArray<GroupName> Groups, string? Kernel, string? Initramfs, string Arguments);
