using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Tests.Adoption;

public sealed class SharedIdentitiesTests
{
    private static readonly ClientName One = ClientName.Parse("pc01");
    private static readonly ClientName Two = ClientName.Parse("pc02");

    [Fact]
    public void Find_of_what_two_clients_have_names_both()
    {
        var found = SharedIdentities.Find([Of(One, "machine-id", "a"), Of(Two, "machine-id", "a")], [], (_, _) => false);

        Assert.Equal(["pc02", "pc01"], found.Select(shared => shared.With));
    }

    [Fact]
    public void Find_of_what_is_upstreams_names_upstream() =>
        Assert.True(Assert.Single(SharedIdentities.Find([Of(One, "machine-id", "a"), Of(Two, "machine-id", "b")], [new("machine-id", "b")], (_, _) => false)).IsUpstreams);

    [Fact]
    public void Find_of_equal_values_of_different_parts_is_nothing() =>
        Assert.Empty(SharedIdentities.Find([Of(One, "machine-id", "a"), Of(Two, "hostname", "a")], [], (_, _) => false));

    [Fact]
    public void Find_of_what_a_person_keeps_says_so() =>
        Assert.Equal([true, false], SharedIdentities.Find([Of(One, "machine-id", "a"), Of(Two, "machine-id", "a")], [], (client, _) => client == One).Select(shared => shared.IsKept));

    [Theory]
    [InlineData("machine-id", "machine-id", true)]
    [InlineData("ssh-host-keys", "ssh_host_rsa_key", true)]
    [InlineData("ssh_host_rsa_key", "ssh_host_rsa_key", true)]
    [InlineData("ssh-host-keys", "machine-id", false)]
    public void Names_of_a_part_or_of_all_host_keys(string typed, string key, bool expected) => Assert.Equal(expected, SharedIdentities.Names(typed, key));

    private static CloneIdentity Of(ClientName client, string key, string value) => new(client, [new(key, value)]);
}
