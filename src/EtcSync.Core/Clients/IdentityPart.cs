namespace EtcSync.Core.Clients;

/// <summary>One thing that makes a machine itself: its machine-id, its host name, one SSH host key.</summary>
/// <param name="Key">What it is: "machine-id", "hostname", or the name of the private key such as "ssh_host_ed25519_key".</param>
/// <param name="Value">A hash of its value, by which equal ones are found.</param>
public sealed record IdentityPart(string Key, string Value);
