using System.Collections.Immutable;
using System.Globalization;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;

namespace EtcSync.Core.Doctor;

/// <summary>What the doctor says: the server in the order in which a client needs it, then each client, then what is only dangerous.</summary>
/// <param name="Checks">What was looked at.</param>
/// <param name="Ladders">Where each client is, by name.</param>
public sealed record Diagnosis(ImmutableArray<DoctorCheck> Checks, ImmutableArray<(ClientName Name, ClientLadder Ladder)> Ladders)
{
    private const int MostNamed = 5;

    /// <summary>Whether a person has to act.</summary>
    public bool NeedsPerson => Checks.Any(check => check.State == CheckState.Trouble) || Ladders.Any(pair => pair.Ladder.NeedsPerson);

    /// <summary>Of a configuration that is not valid: nothing else can be looked at.</summary>
    public static Diagnosis OfInvalid(string problems) =>
        new([new("configuration", "", [new(CheckState.Trouble, problems)])], []);

    /// <summary>Of what was looked at. Pure.</summary>
    public static Diagnosis Of(DoctorObservation observation) => new(
        [
            Configuration(observation),
            Part(observation, ServerPart.Dnsmasq, "dnsmasq", "dnsmasq"),
            Boot(observation),
            Part(observation, ServerPart.Exports, "exports", "the NFS server"),
            Clones(observation),
            Identities(observation),
            Held(observation),
            Exposures(observation),
        ],
        observation.Ladders);

    private static DoctorCheck Configuration(DoctorObservation observation) =>
        new("configuration", "It is valid.", [.. observation.Warnings.Select(warning => new DoctorFinding(CheckState.Note, warning))]);

    private static DoctorCheck Part(DoctorObservation observation, ServerPart part, string name, string program) => new(
        name,
        observation.ReadBack is null ? $"Its files are as they must be. Whether {program} has what they say was not asked: this is a sandbox, or nothing was written yet." : $"Its files are as they must be, and {program} has what they say.",
        [.. OfFiles(observation, part), .. (observation.ReadBack ?? []).Where(finding => finding.Part == part).Select(Of)]);

    private static DoctorCheck Boot(DoctorObservation observation)
    {
        var part = Part(observation, ServerPart.Boot, "boot", "");
        return part with
        {
            Good = observation.Tftp is { IsEmpty: false } fetched
                ? $"What clients boot is there, fits together, and is served by TFTP byte for byte ({fetched.Length.ToString(CultureInfo.InvariantCulture)} files)."
                : "What clients boot is there and fits together. TFTP was not asked for it.",
            Findings = [.. part.Findings, .. (observation.Tftp ?? []).Where(file => file.Problem is not null).Select(file => new DoctorFinding(CheckState.Trouble, $"{file.Name}: {file.Problem}"))],
        };
    }

    private static IEnumerable<DoctorFinding> OfFiles(DoctorObservation observation, ServerPart part)
    {
        if (!ServerPlanner.IsManaged(observation.Server.Settings, part))
        {
            yield return new(CheckState.Note, $"EtcSync does not write these files: the settings say '{KeyOf(part)}.manage: false'.");
            yield break;
        }

        foreach (var finding in observation.Plan.Findings.Where(finding => finding.Part == part)) yield return Of(finding);
        var changes = observation.Plan.Changes.Where(change => change.Part == part).ToList();
        if (changes.Count > 0 && !observation.Server.Installed.Files.Values.Any(file => file.Part == part))
        {
            yield return new(CheckState.Trouble, "They were never written. 'etcsync server plan' shows what they will be, 'etcsync server apply' writes them.");
            yield break;
        }

        foreach (var change in changes)
        {
            yield return new(CheckState.Trouble, change switch
            {
                { Edited: not null } => $"{change.Path} was changed by hand. 'etcsync server plan' shows what; 'etcsync server apply' puts it back and keeps the edited one.",
                { Before: null } => $"{change.Path} is missing. 'etcsync server apply' writes it.",
                { After: null } => $"{change.Path} is not needed any more. 'etcsync server apply' removes it.",
                _ => $"{change.Path} is not what the inventory and the settings say now. 'etcsync server plan' shows the difference, 'etcsync server apply' writes it.",
            });
        }
    }

    private static DoctorFinding Of(ServerFinding finding) => new(finding.Level == FindingLevel.Note ? CheckState.Note : CheckState.Trouble, finding.ToString());

    private static string KeyOf(ServerPart part) => part switch
    {
        ServerPart.Exports => "exports",
        ServerPart.Boot => "boot",
        _ => "dhcp",
    };

    private static DoctorCheck Clones(DoctorObservation observation) => new(
        "clones",
        "Every client has one.",
        observation.Server.Waiting.IsEmpty ? [] : [new(CheckState.Trouble, $"No clone is there of {Names(observation.Server.Waiting.Select(name => name.Value))}, so that {(observation.Server.Waiting.Length == 1 ? "it is" : "they are")} not served. 'etcsync sync' makes one that never was; of one that was there and is gone, 'etcsync status {observation.Server.Waiting[0]}' says what to do.")]);

    // Two machines with one host key can pose as each other; two with one machine-id get the same address from some DHCP servers and mix their logs.
    private static DoctorCheck Identities(DoctorObservation observation) => new(
        "identities",
        "No two machines have the same.",
        [
            .. observation.Identities.GroupBy(one => (one.Path, one.Digest)).Where(same => same.Skip(1).Any()).OrderBy(same => same.Key.Path, StringComparer.Ordinal).ThenBy(same => same.Min(one => one.Owner), StringComparer.Ordinal)
                .Select(same => new DoctorFinding(CheckState.Trouble, $"{same.Key.Path} is the same for {Names(same.Select(one => one.Owner).Order(StringComparer.Ordinal))}. {Danger(same.Key.Path)} Write another one into the clone of all but one of them, and restart what uses it; 'etcsync adopt' does it for clones that it takes over.")),
            .. observation.UnreadableIdentities.Select(one => new DoctorFinding(CheckState.Unknown, one)),
        ]);

    private static string Danger(string path) => path switch
    {
        "machine-id" => "Journals, DHCP clients and D-Bus take them for one machine.",
        _ => "Whoever has one of these machines can pose as the others.",
    };

    private static DoctorCheck Held(DoctorObservation observation) => new(
        "held",
        "No client's /etc is older than the packages in the shared root.",
        observation.PackagesChanged is not { } changed
            ? observation.Held.IsEmpty ? [] : [new(CheckState.Unknown, "Whether packages changed since clients are held cannot be told: the shared root has the database of neither pacman nor dpkg.")]
            : [.. observation.Held.Where(client => client.Since < changed).Select(client => new DoctorFinding(CheckState.Trouble,
                $"{client.Name} is held since {Time(client.Since)} (by {client.By}), and the packages in the shared root changed on {Time(changed)}: it runs new programs on an old /etc. 'etcsync plan {client.Name}' shows what waits, 'etcsync resume {client.Name}' lets it go."))]);

    private static DoctorCheck Exposures(DoctorObservation observation) => new(
        "exposed",
        "The shared root has no secret that is known to the doctor.",
        [.. observation.Exposures.Select(exposure => new DoctorFinding(
            exposure.Kind == ExposureKind.HostKeys ? CheckState.Note : CheckState.Trouble, Message(exposure, observation), exposure.Id, observation.Acknowledged.GetValueOrDefault(exposure.Id)))]);

    // Root is not squashed, so that modes and owners keep nobody from reading who can mount the root.
    private static string Message(Exposure exposure, DoctorObservation observation)
    {
        var settings = observation.Server.Settings;
        var readers = settings.Exports.Security == "sys" ? "Every machine in the clients' network" : "Every client";
        var paths = Names(exposure.Paths);
        return exposure.Kind switch
        {
            ExposureKind.History => $"{readers} can read upstream's whole history ({paths}), with every secret that was ever committed: modes do not help, because root is not squashed. To hide it, move the repository out of the shared root and mount it back with 'mount --bind NEW-PLACE {exposure.Paths[0]}' (and in /etc/fstab): NFS does not pass a mount point, unless the export has 'crossmnt' or 'nohide', so that clients see an empty directory, and etckeeper works as before. Or accept it.",
            ExposureKind.Passwords => $"{readers} can read the hashes of upstream's passwords ({paths}) and try to guess them. Give accounts that log in with a key, or only on some clients, no password upstream ('passwd -l'), or keep them in a directory service. Or accept it, where every client has the same passwords anyway.",
            ExposureKind.HostKeys => $"{readers} can read upstream's own ssh host keys ({paths}). Clients have their own, and these count for nothing as long as no machine uses them: make sure that the server itself has others.",
            _ => $"{readers} can read private keys in the shared root ({paths}). What only one machine needs belongs into its own /etc; what the server needs, outside the shared root.",
        };
    }

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count <= MostNamed ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MostNamed))} and {(all.Count - MostNamed).ToString(CultureInfo.InvariantCulture)} more";
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
