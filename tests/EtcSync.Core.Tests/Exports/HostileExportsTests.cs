using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.Core.Server;
using static EtcSync.Core.Tests.Exports.Cluster;

namespace EtcSync.Core.Tests.Exports;

/// <summary>Words that mean something in an exports file, wherever a person or a program could put one: refused, or written so that they mean nothing.</summary>
public sealed class HostileExportsTests
{
    public static TheoryData<string> Words() =>
    [
        "a\n/ *(rw)", "a\r\n/ *(rw)", "a b", "a\tb", "a,b", "a(rw)", "a)", "a#b", "#a", "\"a", "a\\", "a\\040b", "a\\\n", "*", "?", "[a]", "@a", "-rw", "../a", "a/../b", "a\0b", "а", "ａ", "a\u202eb", "a\u2028b", "é", "", " ", "-", "a*", "10.0.0.0/8", "$a", "`a`", "a;b",
    ];

    [Theory]
    [MemberData(nameof(Words))]
    public void Hostile_name_of_a_client_is_refused(string word) => Assert.False(ClientName.TryParse(word, out _, out _));

    [Theory]
    [MemberData(nameof(Words))]
    public void Hostile_setting_is_refused_or_means_one_entry_for_those_that_were_meant(string word)
    {
        string[] keys = ["root: {0}", "state: {0}", "clones: {0}-{{name}}", "exports: {{root-options: [{0}]}}", "exports: {{client-options: [{0}]}}", "exports: {{security: {0}}}", "exports: {{boot-builder: {0}}}", "server: {{network: {0}}}"];
        foreach (var key in keys)
        {
            foreach (var value in (string[])[word, "/srv/" + word, "mp=/" + word, "async" + word])
            {
                var loaded = Settings.Load("f", $"version: 1\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, key, Scalar(value))}\n");
                if (loaded.Value is not { } settings) continue;
                var client = Client("pc01", "192.168.1.50") with { Directory = settings.Clones.PathOf(ClientName.Parse("pc01")) };
                var network = Of().Settings.Server;
                var observation = Of(client) with { Settings = settings with { Server = settings.Server.Networks.IsEmpty ? network : settings.Server } };

                var entries = ExportsFile.Parse(new(ExportsFiles.File, string.Join('\n', Lines(observation)) + "\n")).Entries.ToList();

                Assert.Equal([settings.Root, client.Directory], entries.Select(entry => entry.Directory));
                Assert.Equal([observation.Settings.Server.Networks[0].ToString(), "192.168.1.50"], entries.Select(entry => entry.Client));
                Assert.Equal([false, true], entries.Select(entry => EffectiveOptions.Of(entry.Options).IsWritable));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Hostile_foreign_line_is_judged_and_shown_on_one_line(string word)
    {
        foreach (var line in (string[])[$"/srv/{word} *(rw)", $"/srv/etc-pc01 {word}(rw)", $"/srv/etc-pc01 {word}", $"/srv/etc-pc01 host({word})", $"{word} /srv/etc-pc01 *(rw)", $"\"/srv/etc-pc01/{word}\" *(rw)"])
        {
            foreach (var finding in new ExportsFiles().Check(Of(Client("pc01", "192.168.1.50")).WithForeign(line + "\n")))
            {
                Assert.Equal(FindingLevel.Warning, finding.Level);
                Assert.DoesNotContain(finding.ToString(), char.IsControl);
            }
        }
    }

    private static string Scalar(string value) => System.Text.Json.JsonSerializer.Serialize(value);
}
