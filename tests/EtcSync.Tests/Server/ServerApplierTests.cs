using System.Collections.Immutable;
using EtcSync.Core.Server;
using EtcSync.Server;
using EtcSync.Tests.Fixtures;
using NSubstitute;

namespace EtcSync.Tests.Server;

public sealed class ServerApplierTests : IDisposable
{
    private const string Exports = "/etc/exports.d/etcsync.exports";
    private const string Dnsmasq = "/etc/dnsmasq.d/etcsync.conf";

    private readonly Cluster _cluster = new(["pc01"]);
    private readonly Dictionary<string, GeneratedContent> _wanted = new() { [Exports] = Text("exports 1\n"), [Dnsmasq] = Text("dnsmasq 1\n") };
    private readonly IServerService _nfs = Service(ServerPart.Exports);
    private readonly IServerService _dhcp = Service(ServerPart.Dnsmasq);

    [Fact]
    public void First_time_writes_everything_and_tells_each_program()
    {
        var outcome = Apply();

        Assert.Equal([Exports, Dnsmasq], outcome.Done.Select(change => change.Path));
        Assert.Equal("exports 1\n", Read(Exports));
        Assert.Equal(0x1A4, (int)File.GetUnixFileMode(_cluster.Root + Exports));
        Received.InOrder(() =>
        {
            _nfs.Reload(Arg.Any<ServerPlan>(), Arg.Any<IReadOnlyList<FileChange>>(), Arg.Any<CancellationToken>());
            _dhcp.Reload(Arg.Any<ServerPlan>(), Arg.Any<IReadOnlyList<FileChange>>(), Arg.Any<CancellationToken>());
        });
    }

    [Fact]
    public void Second_time_writes_nothing_and_tells_nobody()
    {
        Apply();
        _nfs.ClearReceivedCalls();

        Assert.Empty(Apply().Done);
        _nfs.DidNotReceiveWithAnyArgs().Reload(null!, null!, default);
    }

    [Fact]
    public void Only_the_program_whose_files_changed_is_told()
    {
        Apply();
        _nfs.ClearReceivedCalls();
        _wanted[Dnsmasq] = Text("dnsmasq 2\n");

        Assert.Equal(Dnsmasq, Assert.Single(Apply().Done).Path);
        _nfs.DidNotReceiveWithAnyArgs().Reload(null!, null!, default);
    }

    [Fact]
    public void What_the_program_refuses_beforehand_is_not_written()
    {
        _dhcp.TryOut(Arg.Any<ServerPlan>(), Arg.Any<CancellationToken>()).Returns([new(ServerPart.Dnsmasq, FindingLevel.Refusal, "No.")]);

        Assert.True(Apply().IsFailed);
        Assert.False(File.Exists(_cluster.Root + Exports));
    }

    [Fact]
    public void What_the_program_does_not_take_is_put_back_and_nothing_after_it_is_begun()
    {
        Apply();
        _wanted[Exports] = Text("exports 2\n");
        _wanted[Dnsmasq] = Text("dnsmasq 2\n");
        _nfs.Reload(Arg.Any<ServerPlan>(), Arg.Any<IReadOnlyList<FileChange>>(), Arg.Any<CancellationToken>())
            .Returns([new ServerFinding(ServerPart.Exports, FindingLevel.Refusal, "exportfs says no.")], ImmutableArray<ServerFinding>.Empty);

        var outcome = Apply();

        Assert.True(outcome.IsFailed);
        Assert.Empty(outcome.Done);
        Assert.Equal(("exports 1\n", "dnsmasq 1\n"), (Read(Exports), Read(Dnsmasq)));
        // It is no hand edit afterwards either.
        Assert.All(Apply().Plan.Changes, change => Assert.Null(change.Edited));
        Assert.Equal(("exports 2\n", "dnsmasq 2\n"), (Read(Exports), Read(Dnsmasq)));
    }

    [Fact]
    public void Program_that_was_not_told_by_one_who_was_killed_is_told_by_the_next()
    {
        Apply();
        _wanted[Exports] = Text("exports 2\n");
        _nfs.When(nfs => nfs.Reload(Arg.Any<ServerPlan>(), Arg.Any<IReadOnlyList<FileChange>>(), Arg.Any<CancellationToken>())).Throw(new ThreadInterruptedException());
        Assert.Throws<ThreadInterruptedException>(() => Apply());
        Assert.Equal("exports 2\n", Read(Exports));
        var again = Service(ServerPart.Exports);

        var outcome = Apply(again);

        Assert.Empty(outcome.Done);
        again.Received(1).Reload(Arg.Any<ServerPlan>(), Arg.Is<IReadOnlyList<FileChange>>(changes => changes.Single().Reload == ReloadKind.Reread), Arg.Any<CancellationToken>());
        again.ClearReceivedCalls();
        Apply(again);
        again.DidNotReceiveWithAnyArgs().Reload(null!, null!, default);
    }

    [Fact]
    public void Hand_edit_is_kept_before_it_is_replaced()
    {
        Apply();
        File.WriteAllText(_cluster.Root + Exports, "by hand\n");

        Assert.Equal(new GeneratedContent.Whole("exports 1\n"), Assert.Single(Apply().Done).Edited);
        Assert.Equal("exports 1\n", Read(Exports));
        Assert.Equal("by hand\n", File.ReadAllText(Assert.Single(Directory.GetFiles(new ServerState(_cluster.Workspace.State).Replaced))));
    }

    [Fact]
    public void What_somebody_writes_while_the_plan_is_looked_at_is_not_overwritten()
    {
        Apply();
        _wanted[Exports] = Text("exports 2\n");

        var outcome = Apply(_ =>
        {
            File.WriteAllText(_cluster.Root + Exports, "just now\n");
            return true;
        });

        Assert.True(outcome.IsFailed);
        Assert.Equal("just now\n", Read(Exports));
    }

    [Fact]
    public void Declined_plan_writes_nothing()
    {
        Assert.True(Apply(_ => false).IsDeclined);
        Assert.False(File.Exists(_cluster.Root + Exports));
    }

    [Fact]
    public void Link_takes_the_place_of_a_link()
    {
        _wanted["/srv/root/boot/pxelinux.0"] = new GeneratedContent.Link("../usr/lib/a");
        Apply();
        _wanted["/srv/root/boot/pxelinux.0"] = new GeneratedContent.Link("../usr/lib/b");
        Apply();

        Assert.Equal("../usr/lib/b", new FileInfo(_cluster.Root + "/srv/root/boot/pxelinux.0").LinkTarget);
    }

    [Fact]
    public void Block_in_a_file_that_is_kept_elsewhere_is_written_there()
    {
        var elsewhere = Path.Combine(_cluster.Root, "hosts.repository");
        File.WriteAllText(elsewhere, "127.0.0.1 localhost\n");
        File.SetUnixFileMode(elsewhere, (UnixFileMode)0x1B4);
        File.CreateSymbolicLink(_cluster.Root + "/etc/hosts", elsewhere);
        _wanted["/etc/hosts"] = new GeneratedContent.Block("10.0.0.1 pc01\n");

        Apply();

        Assert.Equal(elsewhere, new FileInfo(_cluster.Root + "/etc/hosts").LinkTarget);
        Assert.Equal(MarkedBlock.Put("127.0.0.1 localhost\n", "10.0.0.1 pc01\n"), File.ReadAllText(elsewhere));
        Assert.Equal(0x1B4, (int)File.GetUnixFileMode(elsewhere));
    }

    [RootFact]
    public void File_of_the_administrators_keeps_its_owner()
    {
        var hosts = Path.Combine(_cluster.Root, "etc/hosts");
        File.WriteAllText(hosts, "127.0.0.1 localhost\n");
        Tool.Run("chown", "12:34", hosts);
        _wanted["/etc/hosts"] = new GeneratedContent.Block("10.0.0.1 pc01\n");

        Apply();

        Assert.Equal("12:34", Tool.Run("stat", "-c", "%u:%g", hosts).Trim());
    }

    [Fact]
    public void Link_in_place_of_a_directory_of_the_boot_directory_leads_nowhere()
    {
        const string Menu = "/srv/root/boot/pxelinux.cfg/default";
        _wanted[Menu] = Text("menu 1\n");
        Apply();
        // As a client could that may write there.
        Directory.Delete(_cluster.Root + "/srv/root/boot/pxelinux.cfg", recursive: true);
        var elsewhere = Directory.CreateDirectory(_cluster.Root + "/elsewhere").FullName;
        File.WriteAllText($"{elsewhere}/default", "menu 1\n");
        Directory.CreateSymbolicLink(_cluster.Root + "/srv/root/boot/pxelinux.cfg", elsewhere);
        _wanted[Menu] = Text("menu 2\n");

        var outcome = Apply();

        Assert.True(outcome.IsFailed);
        Assert.Contains("or a link: move it away", Assert.Single(outcome.All, finding => finding.Level == FindingLevel.Refusal).Message, StringComparison.Ordinal);
        Assert.Equal("menu 1\n", File.ReadAllText($"{elsewhere}/default"));
    }

    [Fact]
    public void Pipe_in_a_place_is_not_opened()
    {
        Directory.CreateDirectory(_cluster.Root + "/srv/root/boot/pxelinux.cfg");
        Tool.Run("mkfifo", _cluster.Root + "/srv/root/boot/pxelinux.cfg/default");
        _wanted["/srv/root/boot/pxelinux.cfg/default"] = Text("menu\n");

        var outcome = Apply();

        Assert.Contains(outcome.All, finding => finding.Level == FindingLevel.Refusal && finding.Message.Contains("neither a file nor a link", StringComparison.Ordinal));
    }

    [Fact]
    public void One_file_that_cannot_be_written_takes_the_others_of_its_part_back()
    {
        for (var i = 0; i < 40; i++) _wanted[$"/etc/dnsmasq.d/{i:00}.conf"] = Text("x\n");
        File.WriteAllText(_cluster.Root + "/etc/blocked", "");
        _wanted["/etc/blocked/file"] = Text("x\n");

        var outcome = Apply();

        Assert.True(outcome.IsFailed);
        Assert.Equal([Exports], outcome.Done.Select(change => change.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cluster.Root + "/etc/dnsmasq.d"));
    }

    [Fact]
    public void Damaged_record_is_said_and_nothing_is_written()
    {
        Apply();
        File.WriteAllText(new ServerState(_cluster.Workspace.State).Installed, "{");
        _wanted[Exports] = Text("exports 2\n");

        Assert.Contains("is damaged", Assert.Throws<InvalidDataException>(() => Apply()).Message, StringComparison.Ordinal);
        Assert.Equal("exports 1\n", Read(Exports));
    }

    public void Dispose() => _cluster.Dispose();

    private static GeneratedContent.Whole Text(string text) => new(text);

    private static IServerService Service(ServerPart part)
    {
        var service = Substitute.For<IServerService>();
        service.Part.Returns(part);
        service.TryOut(Arg.Any<ServerPlan>(), Arg.Any<CancellationToken>()).Returns([]);
        service.Reload(Arg.Any<ServerPlan>(), Arg.Any<IReadOnlyList<FileChange>>(), Arg.Any<CancellationToken>()).Returns([]);
        service.ReadBack(Arg.Any<ServerPlan>(), Arg.Any<ServerObservation>(), Arg.Any<CancellationToken>()).Returns([]);
        return service;
    }

    private string Read(string path) => File.ReadAllText(_cluster.Root + path);

    private ServerOutcome Apply() => Apply(_ => true);

    private ServerOutcome Apply(Func<ServerPlan, bool> show) => Apply(_nfs, show);

    private ServerOutcome Apply(IServerService nfs) => Apply(nfs, _ => true);

    private ServerOutcome Apply(IServerService nfs, Func<ServerPlan, bool> show) =>
        new ServerApplier(_cluster.Workspace, [.. Enum.GetValues<ServerPart>().Select(part => new Wanted(part, _wanted))], [nfs, _dhcp]).Run(show, CancellationToken.None);

    private sealed record Wanted(ServerPart Part, Dictionary<string, GeneratedContent> All) : IServerFiles
    {
        public ImmutableArray<GeneratedFile> Render(ServerObservation observation) =>
            [.. All.Where(pair => PartOf(pair.Key) == Part).Select(pair => new GeneratedFile(Part, pair.Key, pair.Value, ReloadKind.Reread))];

        public ImmutableArray<ServerFinding> Check(ServerObservation observation) => [];

        private static ServerPart PartOf(string path) => path == Exports ? ServerPart.Exports : path.Contains("/boot/", StringComparison.Ordinal) ? ServerPart.Boot : ServerPart.Dnsmasq;
    }
}
