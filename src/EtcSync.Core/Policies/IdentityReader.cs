using EtcSync.Core.Configuration;

namespace EtcSync.Core.Policies;

/// <summary>Reads an <c>identity:</c> section, which settings, policies and clients write alike.</summary>
internal static class IdentityReader
{
    public static readonly string[] Keys = ["machine-id", "ssh-host-keys", "hostname"];

    // Read both ways, so that what the inventory's editor writes is what this reads.
    public static readonly (string Word, MachineIdPolicy Value)[] MachineIds = [("generate", MachineIdPolicy.Generate), ("keep", MachineIdPolicy.Keep)];

    public static readonly (string Word, SshHostKeyPolicy Value)[] SshHostKeys =
        [("generate", SshHostKeyPolicy.Generate), ("remove", SshHostKeyPolicy.Remove), ("keep", SshHostKeyPolicy.Keep)];

    public static readonly (string Word, HostnamePolicy Value)[] Hostnames = [("write", HostnamePolicy.Write), ("keep", HostnamePolicy.Keep)];

    public static IdentityOverrides Read(MapReader section) => new(
        section.TryRead("machine-id", Scalars.Choice(MachineIds), out var id) ? id : null,
        section.TryRead("ssh-host-keys", Scalars.Choice(SshHostKeys), out var keys) ? keys : null,
        section.TryRead("hostname", Scalars.Choice(Hostnames), out var hostname) ? hostname : null);
}
