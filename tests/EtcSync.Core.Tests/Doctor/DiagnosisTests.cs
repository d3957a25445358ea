using System.Collections.Immutable;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Doctor;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Doctor;

public sealed class DiagnosisTests
{
    private static readonly ClientName Pc01 = ClientName.Parse("pc01");

    private static readonly DoctorObservation Healthy = new()
    {
        Server = new(Settings.Default, [], [], BootDirectory.Empty("/srv/root/boot"), ForeignFiles.None, ImmutableSortedDictionary<string, CurrentFile>.Empty, InstalledFiles.None),
        Plan = new([], [], [], []),
        ReadBack = [],
        Tftp = [new("pxelinux.0", null)],
        Ladders = [(Pc01, new(Rung.Ssh, LadderVerdict.Up, null, "It is up."))],
        PackagesChanged = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void A_healthy_cluster_has_nothing_to_say()
    {
        var diagnosis = Diagnosis.Of(Healthy);

        Assert.False(diagnosis.NeedsPerson);
        Assert.All(diagnosis.Checks, check => Assert.Equal((CheckState.Good, 0), (check.State, check.Findings.Length)));
    }

    [Fact]
    public void The_server_is_looked_at_in_the_order_in_which_a_client_needs_it() =>
        Assert.Equal(["configuration", "dnsmasq", "boot", "exports", "clones", "identities", "held", "exposed"], Diagnosis.Of(Healthy).Checks.Select(check => check.Name));

    [Fact]
    public void Files_that_were_never_written_are_one_trouble() =>
        Assert.Contains("never written", Trouble(Healthy with { Plan = Changed(new(ServerPart.Exports, "/etc/exports.d/etcsync.exports", null, new CurrentFile.Regular("x"), null, ReloadKind.Reread)) }, "exports"), StringComparison.Ordinal);

    [Fact]
    public void A_hand_edit_is_told()
    {
        var content = new GeneratedContent.Whole("ours");
        var installed = InstalledFiles.None with { Files = InstalledFiles.None.Files.Add("/etc/dnsmasq.d/etcsync.conf", new(ServerPart.Dnsmasq, content, ReloadKind.Restart)) };
        var change = new FileChange(ServerPart.Dnsmasq, "/etc/dnsmasq.d/etcsync.conf", new CurrentFile.Regular("theirs"), new CurrentFile.Regular("ours"), content, ReloadKind.Restart);

        Assert.Contains("changed by hand", Trouble(Healthy with { Server = Healthy.Server with { Installed = installed }, Plan = Changed(change) }, "dnsmasq"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_running_server_says_otherwise_is_trouble_of_its_part() =>
        Assert.Equal("nfsd does not run.", Trouble(Healthy with { ReadBack = [new(ServerPart.Exports, FindingLevel.Warning, "nfsd does not run.")] }, "exports"));

    [Fact]
    public void What_is_good_to_know_needs_nobody()
    {
        var diagnosis = Diagnosis.Of(Healthy with { ReadBack = [new(ServerPart.Exports, FindingLevel.Note, "It is old.")] });

        Assert.Equal(CheckState.Note, diagnosis.Checks.Single(check => check.Name == "exports").State);
        Assert.False(diagnosis.NeedsPerson);
    }

    [Fact]
    public void A_part_that_is_not_ours_is_only_noted()
    {
        var server = Healthy.Server with { Settings = Settings.Default with { Dhcp = new() { Manage = false } } };

        Assert.Contains("dhcp.manage: false", Assert.Single(Check(Healthy with { Server = server }, "dnsmasq").Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_boot_file_that_TFTP_does_not_serve_is_trouble() =>
        Assert.StartsWith("vmlinuz-linux: ", Trouble(Healthy with { Tftp = [new("pxelinux.0", null), new("vmlinuz-linux", "TFTP does not serve it.")] }, "boot"), StringComparison.Ordinal);

    [Fact]
    public void A_host_key_that_two_machines_have_is_told_with_both()
    {
        ImmutableArray<IdentityDigest> identities = [new("pc02", "ssh/ssh_host_rsa_key", "a"), new("pc01", "ssh/ssh_host_rsa_key", "a"), new("pc03", "ssh/ssh_host_rsa_key", "b"), new("pc01", "machine-id", "a")];

        Assert.StartsWith("ssh/ssh_host_rsa_key is the same for pc01, pc02. ", Trouble(Healthy with { Identities = identities }, "identities"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_held_since_before_the_packages_changed_is_told()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var observation = Healthy with { PackagesChanged = now, Held = [new(Pc01, now.AddDays(-1), "ada"), new(ClientName.Parse("pc02"), now.AddDays(1), "ada")] };

        Assert.StartsWith("pc01 is held since ", Trouble(observation, "held"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_counts_until_it_is_acknowledged()
    {
        var observation = Healthy with { Exposures = [new(ExposureKind.History, ["/srv/root/etc/.git"])] };

        Assert.True(Diagnosis.Of(observation).NeedsPerson);
        var known = Diagnosis.Of(observation with { Acknowledged = observation.Acknowledged.Add("exposed-history", new("ada", DateTimeOffset.UnixEpoch)) });

        Assert.False(known.NeedsPerson);
        Assert.Equal("ada", Assert.Single(known.Checks.Single(check => check.Name == "exposed").Findings).Acknowledged!.By);
    }

    [Fact]
    public void A_client_on_upstreams_etc_needs_a_person() =>
        Assert.True(Diagnosis.Of(Healthy with { Ladders = [(Pc01, new(Rung.Root, LadderVerdict.OnUpstream, null, "It is on upstream's."))] }).NeedsPerson);

    [Fact]
    public void A_client_without_clone_is_told() => Assert.Contains("pc01", Trouble(Healthy with { Server = Healthy.Server with { Waiting = [Pc01] } }, "clones"), StringComparison.Ordinal);

    private static ServerPlan Changed(FileChange change) => new([change], [], [], []);

    private static DoctorCheck Check(DoctorObservation observation, string name) => Diagnosis.Of(observation).Checks.Single(check => check.Name == name);

    private static string Trouble(DoctorObservation observation, string name)
    {
        var finding = Assert.Single(Check(observation, name).Findings);
        Assert.Equal(CheckState.Trouble, finding.State);
        Assert.All(Diagnosis.Of(observation).Checks.Where(check => check.Name != name), check => Assert.Equal(CheckState.Good, check.State));
        return finding.Message;
    }
}
