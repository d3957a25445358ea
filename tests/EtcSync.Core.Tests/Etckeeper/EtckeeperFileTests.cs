using EtcSync.Core.Etckeeper;
using static EtcSync.Core.Tests.Etckeeper.EtckeeperText;

namespace EtcSync.Core.Tests.Etckeeper;

public sealed class EtckeeperFileTests
{
    private static readonly EtckeeperFile Some = EtckeeperFile.Of(
        [new("c", 0x1A4), new("a", 0x1A4), new("b", 0x1ED, "www", "www"), new("b/x", 0x1A4)], ["z", "b/y"], EtckeeperSpelling.DotSlash);

    [Fact]
    public void Changes_are_made_and_the_rest_stays()
    {
        var changed = Some.With([new("d", 0x180), new("b", 0x1C0), new("aa", 0x124)], ["c", "absent", "aa"], ["n", "z"], ["b/y", "absent"]);
        Assert.Equal<EtckeeperRecord>([new("a", 0x1A4), new("aa", 0x124), new("b", 0x1C0), new("b/x", 0x1A4), new("d", 0x180)], changed.Records);
        Assert.Equal<string>(["n", "z"], changed.EmptyDirectories);
        Assert.Equal<string>(["b/y", "z"], Some.EmptyDirectories);
    }

    [Fact]
    public void Records_of_some_paths_come_from_another_file_present_or_absent()
    {
        var other = EtckeeperFile.Of([new("a", 0x180), new("c", 0x180), new("n", 0x180), new("m", 0x180)], ["b"], EtckeeperSpelling.Stripped);
        var mixed = Some.WithRecordsFrom(other, new HashSet<string>(StringComparer.Ordinal) { "a", "b", "n", "z", "nowhere" });

        Assert.Equal<EtckeeperRecord>([new("a", 0x180), new("b/x", 0x1A4), new("c", 0x1A4), new("n", 0x180)], mixed.Records);
        Assert.Equal<string>(["b", "b/y"], mixed.EmptyDirectories);
        Assert.Equal(EtckeeperSpelling.DotSlash, mixed.Spelling);
    }

    [Fact]
    public void Equality_is_by_what_is_said()
    {
        Assert.Equal(Some, EtckeeperFile.Parse(Some.Write()));
        Assert.Equal(Some.GetHashCode(), EtckeeperFile.Parse(Some.Write()).GetHashCode());
        Assert.NotEqual(Some, Some.With(EtckeeperSpelling.Stripped));
        Assert.NotEqual(Some, Some.With([new("a", 0x1A5)], [], [], []));
        Assert.NotEqual(Some, Some.With([new("a", 0x1A4, "www")], [], [], []));
        Assert.NotEqual(Some, Some.With([], [], ["y"], ["z"]));
        Assert.Equal(Some, Some.With([new("n", 0)], [], [], []).With([], ["n"], [], []));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("./x")]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData(".git/x")]
    public void Path_outside_the_repository_has_no_record(string path)
    {
        Assert.Throws<ArgumentException>(() => new EtckeeperRecord(path, 0x1A4));
        Assert.Throws<ArgumentException>(() => new EtckeeperRecord("x", 0x1A4) with { Path = path });
        Assert.Throws<ArgumentException>(() => Some.With([], [], [path], []));
    }

    [Theory]
    [InlineData("a'b")]
    [InlineData("a\nb")]
    [InlineData("-a")]
    [InlineData("")]
    public void Owner_that_would_end_the_word_is_refused(string owner)
    {
        Assert.Throws<ArgumentException>(() => new EtckeeperRecord("x", 0x1A4, owner));
        Assert.Throws<ArgumentException>(() => new EtckeeperRecord("x", 0x1A4) with { Group = owner });
        Assert.False(EtckeeperRecord.IsName(owner));
    }

    [Fact]
    public void Mode_has_twelve_bits() => Assert.Throws<ArgumentException>(() => new EtckeeperRecord("x", 0x81A4));

    [Fact]
    public void Observed_tree_is_written_as_etckeeper_would()
    {
        ObservedEntry[] entries =
        [
            new(".", ObservedKind.Directory, 0x1ED), new(".gitignore", ObservedKind.File, 0x81A4), new("link", ObservedKind.SymbolicLink, 0x1FF),
            new("dir", ObservedKind.Directory, 0x1ED), new("dir/café~", ObservedKind.File, 0x1A4, IsIgnored: true), new("dir/x~", ObservedKind.File, 0x1A4, IsIgnored: true),
            new("void", ObservedKind.Directory, 0x1C0, "www", IsEmptyDirectory: true, IsIgnored: true), new(".hg", ObservedKind.Directory, 0x1ED), new(".hg/x", ObservedKind.File, 0x1A4),
            new("a\nb", ObservedKind.File, 0x1A4), new("nested/.git", ObservedKind.Directory, 0x1ED, IsEmptyDirectory: true),
        ];
        var spelling = EtckeeperFilter.SpellingOf(entries);

        Assert.Equal(EtckeeperSpelling.Stripped, spelling);
        Assert.Equal(
            [
                "mkdir -p './void'", "maybe chmod 0755 '.'", "maybe chmod 0700 '.etckeeper'", "maybe chmod 0644 '.gitignore'", "maybe chmod 0755 'dir'",
                "maybe chmod 0644 'dir/café~'", "maybe chown 'www' 'void'", "maybe chmod 0700 'void'",
            ],
            EtckeeperFile.FromObserved(entries, spelling).Lines());
    }

    [Fact]
    public void Spelling_is_stripped_only_with_an_ignore_file_and_something_ignored()
    {
        ObservedEntry ignoreFile = new(".gitignore", ObservedKind.File, 0x1A4), ignored = new("mtab", ObservedKind.SymbolicLink, 0x1FF, IsIgnored: true);
        Assert.Equal(EtckeeperSpelling.DotSlash, EtckeeperFilter.SpellingOf([]));
        Assert.Equal(EtckeeperSpelling.DotSlash, EtckeeperFilter.SpellingOf([ignored]));
        Assert.Equal(EtckeeperSpelling.DotSlash, EtckeeperFilter.SpellingOf([ignoreFile]));
        Assert.Equal(EtckeeperSpelling.Stripped, EtckeeperFilter.SpellingOf([ignored, ignoreFile]));
    }
}
