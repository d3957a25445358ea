using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.Core.Policies;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Exports;

/// <summary>Observations of small clusters.</summary>
internal static class Cluster
{
    /// <summary>A cluster in 192.168.1.0/24 with these clients.</summary>
    public static ServerObservation Of(params ServedClient[] clients) => new(
        Settings.Default with { Server = new() { Addresses = [IPAddress.Parse("192.168.1.1")], Networks = [IPNetwork.Parse("192.168.1.0/24")] } },
        [.. clients],
        [],
        BootDirectory.Empty("/srv/root/boot"),
        ForeignFiles.None,
        ImmutableSortedDictionary<string, CurrentFile>.Empty,
        InstalledFiles.None);

    /// <summary>A client with these addresses.</summary>
    public static ServedClient Client(string name, params string[] addresses) =>
        new(new(ClientName.Parse(name), [MacAddress.Parse("52:54:00:00:00:01")], [.. addresses.Select(IPAddress.Parse)], [], null, IdentityOverrides.None), $"/srv/etc-{name}", [], []);

    /// <summary>With other export settings.</summary>
    public static ServerObservation With(this ServerObservation observation, ExportSettings exports) => observation with { Settings = observation.Settings with { Exports = exports } };

    /// <summary>With what others export in /etc/exports.</summary>
    public static ServerObservation WithForeign(this ServerObservation observation, string text) => observation with { Foreign = ForeignFiles.None with { Exports = [new("/etc/exports", text)] } };

    /// <summary>The lines that are written, without the comment.</summary>
    public static string[] Lines(ServerObservation observation) =>
        [.. ((GeneratedContent.Whole)Assert.Single(new ExportsFiles().Render(observation)).Content).Text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>What a check finds.</summary>
    public static string[] Findings(ServerObservation observation) => [.. new ExportsFiles().Check(observation).Select(finding => finding.ToString())];
}
