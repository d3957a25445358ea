using EtcSync.Core.Adoption;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Tests.Adoption;

public sealed class SettingsTextTests
{
    [Fact]
    public void A_value_takes_the_place_of_its_example()
    {
        var text = SettingsText.With(SettingsTemplate.Render(new(null, "master", null, null, null)), [Choice("dhcp", "range", "192.168.1.5-192.168.1.9"), Choice("", "clones", "\"/nfs/{name}\""), Choice("server", "network", "\"192.168.1.0/24\"")], out var kept);

        var settings = Settings.Load("etcsync.yaml", text);
        Assert.Empty(settings.Problems);
        Assert.Empty(kept);
        Assert.Equal("192.168.1.5-192.168.1.9", settings.Value!.Dhcp.Range!.ToString());
        Assert.Equal("/nfs/{name}", settings.Value.Clones.Text);
        Assert.DoesNotContain("#range", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_set_stays()
    {
        Assert.Equal("version: 1\nnames:\n  etc-hosts: false\n", SettingsText.With("version: 1\nnames:\n  etc-hosts: false\n", [Choice("names", "etc-hosts", "true")], out var kept));
        Assert.Single(kept);
    }

    [Theory]
    [InlineData("version: 1\n", "version: 1\nnames:\n  domain: x\n")]
    [InlineData("version: 1\nnames:\n\nlog:\n  level: debug\n", "version: 1\nnames:\n  domain: x\n\nlog:\n  level: debug\n")]
    public void A_section_or_key_that_is_not_there_is_added(string text, string expected) => Assert.Equal(expected, SettingsText.With(text, [Choice("names", "domain", "x")], out _));

    private static SettingChoice Choice(string section, string key, string value) => new(section, key, value, "", 0);
}
