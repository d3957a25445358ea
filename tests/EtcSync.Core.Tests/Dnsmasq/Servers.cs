using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Dnsmasq;

/// <summary>Observations of a server, made of texts.</summary>
internal static class Servers
{
    public const string Settings = "version: 1\nserver:\n  address: 192.168.78.1\n  interface: eth0\n  network: 192.168.78.0/24\n";

    public static ServerObservation Observe(string settings, params ServedClient[] clients)
    {
        var loaded = EtcSync.Core.Configuration.Settings.Load("etcsync.yaml", settings);
        Assert.Empty(loaded.Problems);
        return new(
            loaded.Value!, [.. clients], [], BootDirectory.Empty("/srv/root/boot"), ForeignFiles.None,
            ImmutableSortedDictionary<string, CurrentFile>.Empty.WithComparers(StringComparer.Ordinal), InstalledFiles.None);
    }

    public static ServerObservation WithFiles(this ServerObservation observation, params (string Path, string Text)[] files) =>
        observation with { Foreign = observation.Foreign with { Dnsmasq = [.. files.Select(file => new ForeignFile(file.Path, file.Text))] } };

    public static ServerObservation WithBoot(this ServerObservation observation, params string[] files) =>
        observation with { Boot = observation.Boot with { Files = observation.Boot.Files.AddRange(files.Select(file => KeyValuePair.Create(file, new BootFile(1, IsReadable: true)))) } };

    /// <summary>A client: "pc01 02:00:00:00:00:01 192.168.78.50 @lab", several cards, addresses and groups if need be.</summary>
    public static ServedClient Served(string text)
    {
        var words = text.Split(' ');
        return new(
            new(
                ClientName.Parse(words[0]),
                [.. words.Where(word => word.Count(c => c == ':') == 5).Select(MacAddress.Parse)],
                [.. words.Skip(1).Where(word => word[0] != '@' && word.Count(c => c == ':') != 5).Select(word => IPAddress.Parse(word))],
                [.. words.Where(word => word[0] == '@').Select(word => GroupName.Parse(word[1..]))],
                null, IdentityOverrides.None),
            $"/srv/etc-{words[0]}", [], []);
    }
}
