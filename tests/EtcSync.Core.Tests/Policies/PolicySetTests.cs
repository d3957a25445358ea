using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Tests.Policies;

public sealed class PolicySetTests
{
    private static readonly Client Pc01 = Client("pc01", "lab");
    private static readonly Client Kiosk = Client("kiosk-3", "kiosk", "lab");
    private static readonly Client Alone = Client("alone");

    [Fact]
    public void Last_rule_that_says_something_decides_each_property()
    {
        var set = Load(
            ("20-b.yaml", "version: 1\nrules:\n- path: passwd\n  class: upstream\n- path: '*'\n  hold: client\n"),
            ("10-a.yaml", "version: 1\nrules:\n- path: passwd\n  class: client\n- path: passwd\n  secret: true\n- path: passwd\n  together: accounts\n"),
            ("30-c.yaml", "version: 1\nrules:\n- path: passwd\n  secret: false\n- path: group\n  class: local\n"));

        var policy = set.ForPath("passwd", ClientContext.None);

        Assert.Equal(
            new()
            {
                Class = PathClass.Upstream,
                ClassSource = new("20-b.yaml", 3),
                Hold = HoldScope.Client,
                HoldSource = new("20-b.yaml", 5),
                Together = "accounts",
                TogetherSource = new("10-a.yaml", 7),
                Secret = false,
                SecretSource = new("30-c.yaml", 3),
            },
            policy);
    }

    [Fact]
    public void Record_of_a_path_has_an_answer_of_its_own_which_a_later_rule_for_the_path_takes_back()
    {
        var one = "- path: shadow#root\n  on-conflict: upstream\n";
        var all = "- path: shadow\n  on-conflict: hold\n";

        Assert.Equal((ConflictAnswer.Upstream, new("1.yaml", 5)), Load(("1.yaml", "version: 1\nrules:\n" + all + one)).ForPath("shadow", ClientContext.None).OnConflictOf("root"));
        Assert.Equal((ConflictAnswer.Hold, new("1.yaml", 5)), Load(("1.yaml", "version: 1\nrules:\n" + one + all)).ForPath("shadow", ClientContext.None).OnConflictOf("root"));
        Assert.Null(Load(("1.yaml", "version: 1\nrules:\n" + one)).ForPath("shadow", ClientContext.None).OnConflictOf("daemon"));
        Assert.Null(Load(("1.yaml", "version: 1\nrules:\n" + one)).ForPath("shadow", ClientContext.None).OnConflictOf(null));
    }

    [Fact]
    public void Check_is_a_program_and_its_words_and_an_empty_list_switches_it_off()
    {
        var set = Load(("1.yaml", "version: 1\nrules:\n- path: sudoers\n  check: [visudo, -c, -f, /etc/sudoers]\n  unchecked: hold\n- path: sudoers\n  clients: alone\n  check: []\n"));

        Assert.Equal(("visudo -c -f /etc/sudoers", UncheckedAnswer.Hold), set.ForPath("sudoers", Pc01.Context) is var policy ? ($"{policy.Check}", policy.Unchecked) : default);
        Assert.Null(set.ForPath("sudoers", Alone.Context).Check);
    }

    [Fact]
    public void Path_without_a_rule_is_merged()
    {
        var set = Load(("a", "version: 1\nrules:\n- {path: b, class: local}\n"));

        Assert.Same(PathPolicy.Default, set.ForPath("a", ClientContext.None));
        Assert.Equal(PathClass.Merge, PolicySet.Empty.ForPath("b", Pc01.Context).Class);
    }

    [Fact]
    public void Rule_for_clients_and_groups_is_for_the_clients_and_for_the_members()
    {
        var set = Load(("a", """
            version: 1
            rules:
            - {path: one, clients: [pc01, "k*"], class: client}
            - {path: two, groups: kiosk, class: client}
            - {path: three, clients: alone, groups: [kiosk, none], class: client}
            - {path: four, groups: "l?b", class: client}
            """));

        Assert.Equal("one four", Owned(set, Pc01.Context));
        Assert.Equal("one two three four", Owned(set, Kiosk.Context));
        Assert.Equal("three", Owned(set, Alone.Context));
        Assert.Equal("", Owned(set, ClientContext.None));
    }

    [Fact]
    public void Clients_with_the_same_rules_share_what_is_remembered()
    {
        var set = Load(("a", "version: 1\nrules:\n- {path: one, groups: lab, class: client}\n"));

        Assert.Same(set.PathsOf(Pc01.Context), set.PathsOf(Kiosk.Context));
        Assert.NotSame(set.PathsOf(Pc01.Context), set.PathsOf(Alone.Context));
        Assert.Same(set.PathsOf(Alone.Context), set.PathsOf(ClientContext.None));
    }

    [Fact]
    public void Shadow_file_that_a_later_rule_takes_out_is_not_copied()
    {
        var set = Load(("a", """
            version: 1
            rules:
            - {path: [ld.so.cache, mtab], class: shadow-of-root, source: ld.so.conf.d/}
            - {path: "ld.*", clients: pc01, class: local}
            - {path: mtab, groups: kiosk, class: shadow-of-root}
            """));

        Assert.Equal("mtab 1", Shadows(set, Pc01));
        Assert.Equal("ld.so.cache 1, mtab 0", Shadows(set, Kiosk));
        Assert.Equal("ld.so.cache 1, mtab 1", Shadows(set, Alone));
    }

    [Fact]
    public void Rollout_is_the_inventorys_then_the_last_rules_then_at_once()
    {
        var set = Load(("a", """
            version: 1
            rules:
            - {groups: lab, rollout: schedule, cron: "0 0 3 * * ?", time-zone: Europe/Berlin}
            - {groups: kiosk, rollout: manual}
            """));

        Assert.Equal(new(RolloutMode.Schedule, "0 0 3 * * ?", "Europe/Berlin", new("a", 3)), set.ForClient(Pc01));
        Assert.Equal(new(RolloutMode.Manual, null, null, new("a", 4)), set.ForClient(Kiosk));
        Assert.Equal(RolloutPolicy.Default, set.ForClient(Alone));
        Assert.Equal(RolloutPolicy.Default, set.ForClient(Pc01 with { Rollout = RolloutPolicy.Default }));
    }

    [Fact]
    public void Identity_is_decided_key_by_key()
    {
        var set = Load(("a", """
            version: 1
            rules:
            - {groups: lab, identity: {hostname: keep, ssh-host-keys: remove}}
            - {clients: kiosk-*, identity: {ssh-host-keys: keep}}
            """));
        var settings = IdentityPolicy.Default with { MachineId = MachineIdPolicy.Keep };

        Assert.Equal(settings, set.IdentityOf(Alone, settings));
        Assert.Equal(new(MachineIdPolicy.Keep, SshHostKeyPolicy.Remove, HostnamePolicy.Keep), set.IdentityOf(Pc01, settings));
        Assert.Equal(
            new(MachineIdPolicy.Generate, SshHostKeyPolicy.Keep, HostnamePolicy.Keep),
            set.IdentityOf(Kiosk with { Identity = new(MachineIdPolicy.Generate, null, null) }, settings));
    }

    [Fact]
    public void Problems_of_all_files_are_listed_together()
    {
        var loaded = PolicySet.Load([new("/b/2.yaml", "version: 1\nrules: 3\n"), new("/a/1.yaml", "rules:\n- {path: /etc/x}\n"), new("/c/3.yaml", "")]);

        Assert.Null(loaded.Value);
        Assert.Equal(["/a/1.yaml:1", "/a/1.yaml:2", "/a/1.yaml:2", "/b/2.yaml:2"], loaded.Problems.Select(p => $"{p.File}:{p.Line}"));
    }

    [Fact]
    public void Site_file_replaces_the_shipped_one_of_its_name()
    {
        var files = PolicySet.Combine(
            [new("/usr/share/20-local.yaml", "shipped"), new("/usr/share/10-identity.yaml", "shipped")],
            [new("/etc/60-site.yaml", "site"), new("/etc/20-local.yaml", "")]);

        Assert.Equal(["/usr/share/10-identity.yaml", "/etc/20-local.yaml", "/etc/60-site.yaml"], files.Select(f => f.Name));
    }

    [Fact]
    public void Answers_stay_right_when_more_paths_are_asked_for_than_are_remembered()
    {
        var paths = Load(("a", "version: 1\nrules:\n- {path: '*7', class: local}\n")).PathsOf(ClientContext.None);

        Parallel.For(0, 150_000, i => Assert.Equal(i % 10 == 7, paths.IsLocal($"file{i}")));
    }

    private static string Owned(PolicySet set, ClientContext client) =>
        string.Join(' ', new[] { "one", "two", "three", "four" }.Where(path => set.ForPath(path, client).Class == PathClass.Client));

    private static string Shadows(PolicySet set, Client client) =>
        string.Join(", ", set.PathsOf(client.Context).ShadowFiles.Select(f => $"{f.Path} {f.Sources.Length}"));

    private static Client Client(string name, params string[] groups) =>
        new(ClientName.Parse(name), [], [], [.. groups.Select(GroupName.Parse)], null, IdentityOverrides.None);

    private static PolicySet Load(params (string Name, string Text)[] files)
    {
        var loaded = PolicySet.Load(files.Select(f => new ConfigurationFile(f.Name, f.Text)));
        Assert.Empty(loaded.Problems);
        return loaded.Value!;
    }
}
