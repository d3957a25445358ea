using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Server;

public sealed class ServerPlannerTests
{
    private const string Exports = "/etc/exports.d/etcsync.exports";
    private const string Hosts = "/etc/hosts";

    [Fact]
    public void Missing_file_is_written()
    {
        var plan = Plan(Observe(), File(Exports, "a\n"));

        var change = Assert.Single(plan.Changes);
        Assert.Equal((null, new CurrentFile.Regular("a\n"), null), (change.Before, change.After, change.Edited));
    }

    [Fact]
    public void File_as_it_must_be_is_left_alone() =>
        Assert.Empty(Plan(Observe((Exports, "é\n")), File(Exports, "é\n")).Changes);

    [Fact]
    public void File_that_we_never_wrote_refuses_the_plan()
    {
        var plan = Plan(Observe((Exports, "theirs\n")), File(Exports, "ours\n"));

        Assert.True(plan.IsRefused);
        Assert.Empty(plan.Changes);
        Assert.Equal(Exports, Assert.Single(plan.Findings).File);
    }

    [Fact]
    public void Hand_edit_is_noticed_and_replaced()
    {
        var file = File(Exports, "ours\n");
        var change = Assert.Single(Plan(Installed(Observe((Exports, "edited\n")), file), file).Changes);

        Assert.Equal(new GeneratedContent.Whole("ours\n"), change.Edited);
        Assert.Equal(new CurrentFile.Regular("ours\n"), change.After);
    }

    [Fact]
    public void Block_keeps_what_is_around_it()
    {
        var change = Assert.Single(Plan(Observe((Hosts, "127.0.0.1 localhost\n")), Block(Hosts, "10.0.0.1 pc01")).Changes);

        Assert.Equal(MarkedBlock.Put("127.0.0.1 localhost\n", "10.0.0.1 pc01\n"), ((CurrentFile.Regular)change.After!).Text);
        Assert.Empty(Plan(Observe((Hosts, ((CurrentFile.Regular)change.After).Text)), Block(Hosts, "10.0.0.1 pc01")).Changes);
    }

    [Fact]
    public void Edit_around_a_block_is_no_hand_edit_of_ours()
    {
        var block = Block(Hosts, "10.0.0.1 pc01");
        var observation = Installed(Observe((Hosts, MarkedBlock.Put("more\n", "10.0.0.1 pc01\n"))), block);

        Assert.Empty(Plan(observation, block).Changes);
    }

    [Fact]
    public void What_is_no_longer_needed_goes_unless_it_was_edited()
    {
        var file = File(Exports, "ours\n");

        Assert.Null(Assert.Single(Plan(Installed(Observe((Exports, "ours\n")), file)).Changes).After);
        Assert.Empty(Plan(Installed(Observe((Exports, "edited\n")), file)).Changes);
    }

    [Fact]
    public void What_is_no_longer_managed_stays()
    {
        var file = File(Exports, "ours\n");
        var observation = Installed(Observe((Exports, "ours\n")), file);

        Assert.Empty(Plan(observation with { Settings = new() { Exports = new() { Manage = false } } }, File(Exports, "other\n")).Changes);
    }

    [Fact]
    public void Client_can_mount_before_it_is_told_to_boot_and_is_told_nothing_before_it_can_not()
    {
        GeneratedFile[] files = [File(Exports, "e\n"), new(ServerPart.Dnsmasq, "/etc/dnsmasq.d/etcsync.conf", new GeneratedContent.Whole("d\n"), ReloadKind.Restart)];

        Assert.Equal([ServerPart.Exports, ServerPart.Dnsmasq], Plan(Observe() with { Clients = [Served("pc01")] }, files).Changes.Select(change => change.Part));
        Assert.Equal([ServerPart.Dnsmasq, ServerPart.Exports], Plan(Observe() with { Installed = InstalledFiles.None with { Clients = [new(ClientName.Parse("pc01"), [], [])] } }, files).Changes.Select(change => change.Part));
    }

    [Fact]
    public void Client_with_another_card_is_gone_as_it_was()
    {
        var was = new InstalledClient(ClientName.Parse("pc01"), [MacAddress.Parse("02:00:00:00:00:99")], []);

        Assert.Equal(was, Assert.Single(Plan(Observe() with { Clients = [Served("pc01")], Installed = InstalledFiles.None with { Clients = [was] } }).Gone));
    }

    [Fact]
    public void Clones_that_are_all_gone_refuse_the_plan_and_one_of_several_is_told()
    {
        ImmutableArray<InstalledClient> served = [new(ClientName.Parse("pc01"), [], []), new(ClientName.Parse("pc02"), [], [])];
        var all = Observe() with { Waiting = [ClientName.Parse("pc01"), ClientName.Parse("pc02")], Installed = InstalledFiles.None with { Clients = served } };
        var one = all with { Clients = [Served("pc01")], Waiting = [ClientName.Parse("pc02")] };

        Assert.True(Plan(all).IsRefused);
        Assert.Equal(FindingLevel.Warning, Assert.Single(Plan(one).Findings).Level);
        Assert.Empty(Plan(one with { Installed = InstalledFiles.None }).Findings);
    }

    private static ServedClient Served(string name) =>
        new(new(ClientName.Parse(name), [MacAddress.Parse("02:00:00:00:00:01")], [IPAddress.Parse("10.0.0.1")], [], null, IdentityOverrides.None), $"/srv/etc-{name}", [], []);

    private static GeneratedFile File(string path, string text) => new(ServerPart.Exports, path, new GeneratedContent.Whole(text), ReloadKind.Reread);

    private static GeneratedFile Block(string path, string lines) => new(ServerPart.Dnsmasq, path, new GeneratedContent.Block(lines), ReloadKind.Reread);

    private static ServerPlan Plan(ServerObservation observation, params GeneratedFile[] files) =>
        ServerPlanner.Plan(observation, [.. Enum.GetValues<ServerPart>().Select(part => new Fixed(part, [.. files.Where(file => file.Part == part)]))]);

    private static ServerObservation Installed(ServerObservation observation, GeneratedFile file) =>
        observation with { Installed = observation.Installed with { Files = observation.Installed.Files.Add(file.Path, ServerPlanner.Recorded(file)) } };

    private static ServerObservation Observe(params (string Path, string Text)[] files) => new(
        Settings.Default, [], [], BootDirectory.Empty("/srv/root/boot"), ForeignFiles.None,
        files.ToImmutableSortedDictionary(file => file.Path, file => (CurrentFile)new CurrentFile.Regular(System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(file.Text))), StringComparer.Ordinal),
        InstalledFiles.None);

    private sealed record Fixed(ServerPart Part, ImmutableArray<GeneratedFile> Files) : IServerFiles
    {
        public ImmutableArray<GeneratedFile> Render(ServerObservation observation) => Files;

        public ImmutableArray<ServerFinding> Check(ServerObservation observation) => [];
    }
}
