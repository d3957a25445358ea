using EtcSync.Core.Configuration;

namespace EtcSync.Core.Tests.Configuration;

public sealed class ConfigurationSetTests
{
    [Fact]
    public void Problems_of_all_files_come_sorted_and_nothing_is_half_applied()
    {
        var loaded = Load(
            "version: 1\nworkers: 0\nroot: x\n",
            "version: 1\nclients: 1\n",
            "version: 1\nrules:\n- {path: /etc/x, class: local}\n");

        Assert.Null(loaded.Value);
        Assert.Equal(["etcsync.yaml:2", "etcsync.yaml:3", "inventory.yaml:2", "policy.yaml:3"], loaded.Problems.Select(p => $"{p.File}:{p.Line}"));
    }

    [Fact]
    public void Empty_files_are_the_defaults()
    {
        var loaded = Load("", "", "");

        Assert.Equal(Settings.Default, loaded.Value!.Settings);
        Assert.Empty(loaded.Value.Warnings);
    }

    [Fact]
    public void Rule_for_an_unknown_name_warns_and_refuses_nothing()
    {
        var loaded = Load(
            "",
            "version: 1\nclients:\n- {name: pc01, mac: 52:54:00:00:00:01, groups: kiosk}\n",
            "version: 1\nrules:\n- {groups: [kiosks, kiosk, 'k*'], rollout: manual}\n- {clients: [pc99, pc*], rollout: manual}\n");

        Assert.Equal(
            [
                "policy.yaml:3: rules[1].groups: No client is in a group that is called 'kiosks' in the inventory. Did you mean 'kiosk'?",
                "policy.yaml:4: rules[2].clients: No client is called 'pc99' in the inventory.",
            ],
            loaded.Value!.Warnings.Select(w => w.ToString()));
    }

    [Theory]
    [InlineData("root", "clients.root: The clone of this client would be '/srv/root', which meets the shared root '/srv/root'.")]
    [InlineData("state", "clients.state: The clone of this client would be '/srv/state', which meets the state directory '/srv/state/etcsync'.")]
    public void Clone_that_would_meet_another_place_is_refused(string name, string expected)
    {
        var loaded = Load("version: 1\nclones: /srv/{name}\nstate: /srv/state/etcsync\n", $"version: 1\nclients:\n- {{name: {name}, mac: 52:54:00:00:00:01}}\n", "");

        Assert.Contains(loaded.Problems, p => p.ToString().StartsWith("inventory.yaml:3: " + expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Client_with_the_servers_address_is_refused() => Assert.Equal(
        "inventory.yaml:3: clients.a.ip: The address 10.0.0.1 is the server's own. Give the client another.",
        Load("version: 1\nserver: {address: 10.0.0.1}\n", "version: 1\nclients:\n- {name: a, mac: 52:54:00:00:00:01, ip: 10.0.0.1}\n", "").Problems.Single().ToString());

    private static Loaded<ConfigurationSet> Load(string settings, string inventory, string policy) =>
        ConfigurationSet.Load(new("etcsync.yaml", settings), new("inventory.yaml", inventory), [new("policy.yaml", policy)]);
}
