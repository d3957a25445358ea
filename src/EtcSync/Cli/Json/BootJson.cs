namespace EtcSync.Cli.Json;

/// <summary>What clients boot, from 'etcsync boot show'.</summary>
internal sealed record BootShowJson(int Version, string Directory, BootEntryJson? Default, IReadOnlyList<BootEntryJson> Others, IReadOnlyList<BootLoaderJson> Loaders, IReadOnlyList<string> Modules, IReadOnlyList<ServerFindingJson> Findings);

/// <summary>A kernel with its images and arguments, and the clients that boot it; none for the default, which is for all others.</summary>
internal sealed record BootEntryJson(IReadOnlyList<string> Clients, string Kernel, string? KernelVersion, IReadOnlyList<string> Images, string Arguments);

/// <summary>A boot loader; <paramref name="Architecture"/> is bios, efi32 or efi64.</summary>
internal sealed record BootLoaderJson(string Architecture, string File);
