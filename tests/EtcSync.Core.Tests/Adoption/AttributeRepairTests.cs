using EtcSync.Core.Adoption;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;

namespace EtcSync.Core.Tests.Adoption;

public sealed class AttributeRepairTests
{
    private static readonly Dictionary<string, EntryMode> Tracked = new(StringComparer.Ordinal)
    {
        ["motd"] = EntryMode.File, ["shadow"] = EntryMode.File, ["gshadow"] = EntryMode.File, ["run.sh"] = EntryMode.Executable, ["ssh/key"] = EntryMode.File,
    };

    private static readonly EtckeeperFile Upstream = Of(
        [new("motd", 0x1A4), new("shadow", 0x1A0, null, "shadow"), new("gshadow", 0x1A0, null, "shadow"), new("run.sh", 0x1ED), new("ssh", 0x1C8, null, "ssl"), new("ssh/key", 0x180)], "opt", "opt/deep");

    [Fact]
    public void What_git_wrote_gets_back_what_is_recorded()
    {
        var plan = AttributeRepair.Plan(Upstream, Upstream, Tracked, [File("motd", 0x1A4), File("shadow", 0x1A4), Directory("ssh", 0x1ED), File("ssh/key", 0x1A4)]);

        Assert.Equal(
            "shadow 0640 :shadow, ssh 0710 :ssl, ssh/key 0600 :",
            string.Join(", ", plan.Lost.Select(lost => $"{lost.Path} 0{Convert.ToString(lost.Wanted.Mode, 8)} {lost.Wanted.Owner}:{lost.Wanted.Group}")));
    }

    [Fact]
    public void Empty_directories_that_are_missing_are_named_parents_first() =>
        Assert.Equal("opt opt/deep", string.Join(' ', AttributeRepair.Plan(Upstream, Upstream, Tracked, [File("motd", 0x1A4)]).MissingDirectories));

    [Fact]
    public void A_mode_that_git_does_not_write_is_meant() =>
        Assert.Equal(["gshadow", "shadow"], AttributeRepair.Plan(Upstream, Upstream, Tracked, [File("motd", 0x180), File("run.sh", 0x1C8), File("shadow", 0x1A4), File("gshadow", 0x1A4)]).Lost.Select(lost => lost.Path));

    [Fact]
    public void A_mode_that_was_put_right_by_hand_still_misses_its_group() =>
        Assert.Equal(new Core.Applying.FileAttributes(0x1A0, null, "shadow"), Assert.Single(AttributeRepair.Plan(Upstream, Upstream, Tracked, [File("motd", 0x1A4), File("shadow", 0x1A0)]).Lost).Wanted);

    [Fact]
    public void Modes_of_another_umask_are_what_git_wrote() =>
        Assert.Equal(["motd", "run.sh", "shadow"], AttributeRepair.Plan(Upstream, Upstream, Tracked, [File("motd", 0x180), File("run.sh", 0x1C0), File("shadow", 0x180)]).Lost.Select(lost => lost.Path));

    [Fact]
    public void A_mode_that_the_client_committed_stays()
    {
        var branch = Of([.. Upstream.Records.Where(record => record.Path != "ssh/key"), new("ssh/key", 0x1A4)], "opt");

        Assert.DoesNotContain(AttributeRepair.Plan(branch, Upstream, Tracked, [File("motd", 0x1A4), File("shadow", 0x1A4), File("ssh/key", 0x1A4)]).Lost, lost => lost.Path == "ssh/key");
    }

    [Fact]
    public void A_commit_that_wrote_down_what_git_had_made_of_all_modes_does_not_count()
    {
        var branch = Of([.. Upstream.Records.Select(record => new EtckeeperRecord(record.Path, record.Path is "run.sh" or "ssh" ? 0x1ED : 0x1A4))]);

        Assert.Equal(["gshadow", "shadow"], AttributeRepair.Plan(branch, Upstream, Tracked, [File("motd", 0x1A4), File("shadow", 0x1A4), File("gshadow", 0x1A4)]).Lost.Select(lost => lost.Path));
    }

    [Fact]
    public void What_nothing_is_recorded_of_is_left_alone() =>
        Assert.Empty(AttributeRepair.Plan(Upstream, Upstream, Tracked, [File("motd", 0x1A4), File("untracked", 0x1A4), Directory("new", 0x1ED)]).Lost);

    private static ObservedEntry File(string path, int mode) => new(path, ObservedKind.File, mode);

    private static ObservedEntry Directory(string path, int mode) => new(path, ObservedKind.Directory, mode);

    private static EtckeeperFile Of(IEnumerable<EtckeeperRecord> records, params string[] empty) => EtckeeperFile.Of(records, empty, EtckeeperSpelling.DotSlash);
}
