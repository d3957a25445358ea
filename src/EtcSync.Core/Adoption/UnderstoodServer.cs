using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Adoption;

/// <summary>What a hand-written configuration says, in EtcSync's words.</summary>
/// <param name="Root">The shared root.</param>
/// <param name="Clones">Where the clones are.</param>
/// <param name="Clients">The machines that have a reservation and a clone, by name.</param>
/// <param name="Settings">What the settings must say so that everything stays as it is.</param>
/// <param name="Tags">dnsmasq's tags, and what they are called where EtcSync sets them.</param>
/// <param name="Faults">What is wrong.</param>
public sealed record UnderstoodServer(
    string Root,
    CloneTemplate Clones,
    ImmutableArray<UnderstoodClient> Clients,
    ImmutableArray<SettingChoice> Settings,
    ImmutableSortedDictionary<string, string> Tags,
    ImmutableArray<AdoptionFault> Faults);

/// <summary>A machine, and where it is reserved.</summary>
/// <param name="Client">The machine as the inventory has it.</param>
/// <param name="File">The file of its reservation.</param>
/// <param name="Line">The line, from 1.</param>
public sealed record UnderstoodClient(Client Client, string File, int Line);

/// <summary>A value for the settings.</summary>
/// <param name="Section">The section of etcsync.yaml; empty at the top.</param>
/// <param name="Key">The key in it.</param>
/// <param name="Value">The value, as YAML.</param>
/// <param name="File">The file that says so.</param>
/// <param name="Line">The line, from 1; 0 where it follows from the file as a whole, or from the machine.</param>
public sealed record SettingChoice(string Section, string Key, string Value, string File, int Line)
{
    /// <summary>The key with its section.</summary>
    public string Name => Section.Length == 0 ? Key : $"{Section}.{Key}";
}

/// <summary>Something that is wrong in a cluster that was built by hand.</summary>
/// <param name="File">Where; null where it is in no file.</param>
/// <param name="Line">The line, from 1; 0 for the whole file.</param>
/// <param name="Message">What is wrong, and what comes of it, in whole sentences.</param>
/// <param name="Remedy">What adopting does about it, or what a person has to do.</param>
/// <param name="NeedsPerson">Whether adopting leaves it to a person.</param>
public sealed record AdoptionFault(string? File, int Line, string Message, string Remedy, bool NeedsPerson)
{
    /// <summary>The client that it goes away with; null where it is about none, or about several.</summary>
    public ClientName? Client { get; init; }

    /// <summary>Where it is; empty where it is in no file.</summary>
    public string Place => File is null ? "" : Line > 0 ? $"{File}:{Line}" : File;
}
