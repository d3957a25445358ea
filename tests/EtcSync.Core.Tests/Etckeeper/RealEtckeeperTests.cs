using System.Text;
using EtcSync.Core.Etckeeper;

namespace EtcSync.Core.Tests.Etckeeper;

/// <summary>Our bytes against those of the real etckeeper, unpacked by tests/fixtures/etckeeper.sh.</summary>
public sealed class RealEtckeeperTests
{
    // printf gives names that are awkward to write down: Latin-1, a tab, a backslash, quotes.
    private const string OddTree = """
        umask 022
        mkdir -p -- 'with space/sub dir' "it's/empty" 'é/ü' '-dash' 'ssh' 'spool' '~'
        echo 1 >'with space/sub dir/file name'; echo 1 >"it's/q'uo''te"; echo 1 >'"double"'; echo 1 >'back\slash'; echo 1 >'$(reboot)'
        echo 1 >'é/naïve'; echo 1 >'日本'; echo 1 >"$(printf 'caf\351')"; echo 1 >"$(printf 'tab\there')"; echo 1 >'~/~'; echo 1 >./-rf; echo 1 >'+plus'; echo 1 >' lead'; echo 1 >'trail '
        echo 1 >a; echo 1 >a-b; mkdir a.d; echo 1 >a.d/x; echo 1 >a.e; echo 1 >A; echo 1 >'é~'
        echo 1 >ssh/key; chmod 600 ssh/key; echo 1 >shadow; chmod 640 shadow; echo 1 >suid; chmod 4755 suid; chmod 1777 spool; echo 1 >none; chmod 000 none; chmod 2750 ssh
        ln -s /nowhere link; ln -s a.d dirlink; mkfifo fifo
        """;

    private const string Owners = "chown daemon shadow; chgrp daemon shadow; chown 54321 a; chgrp 54321 a.d; chown mail:mail 'it'\"'\"'s'; chown -h bin link";

    private const string Ignored = """
        mkdir -p cache/deep/empty wholly some/void
        echo 1 >cache/f; echo 1 >cache/deep/g; echo 1 >'wholly/é'; echo 1 >x~; echo 1 >'some/x~'; echo 1 >'some/é~'; echo 1 >'q"~'; echo 1 >some/kept; echo 1 >'space x~'; echo 1 >'-~'; ln -s x l~
        """;

    private const string IgnoreFile = "printf 'cache/\\nwholly\\n*~\\nvoid\\n' >.gitignore";

    public static TheoryData<string, string, EtckeeperSpelling> Trees => new()
    {
        { "nothing", "true", EtckeeperSpelling.DotSlash },
        { "odd names", OddTree, EtckeeperSpelling.DotSlash },
        { "an ignore file that ignores nothing", $"{OddTree}\nprintf 'absent\\n' >.gitignore", EtckeeperSpelling.DotSlash },
        { "odd names and an ignore file", $"{OddTree}\n{IgnoreFile}", EtckeeperSpelling.Stripped },
        { "ignored paths", $"{OddTree}\n{Ignored}\n{IgnoreFile}", EtckeeperSpelling.Stripped },
        { "ignored paths without an ignore file at the top", $"{Ignored}\nmkdir -p .git/info; {IgnoreFile}; mv .gitignore .git/info/exclude", EtckeeperSpelling.DotSlash },
        { "an ignore file further down", $"{Ignored}\nprintf '*~\\n' >some/.gitignore", EtckeeperSpelling.DotSlash },
        { "ignore files at the top and further down", $"{Ignored}\nprintf '*~\\n' >some/.gitignore; printf 'absent\\n' >.gitignore", EtckeeperSpelling.Stripped },
        { "only an empty directory is ignored", "mkdir void full; echo 1 >full/x; echo void/ >.gitignore", EtckeeperSpelling.Stripped },
        { "only a link is ignored", "ln -s /proc/mounts mtab; echo mtab >.gitignore", EtckeeperSpelling.Stripped },
        { "ignored but tracked", $"{Ignored}\ngit add -f x~ cache/f 'some/é~'; {IgnoreFile}", EtckeeperSpelling.Stripped },
        { "only tracked files are matched by rules", "echo 1 >x~; git add -f x~; printf '*~\\n' >.gitignore", EtckeeperSpelling.DotSlash },
        { "directories of other systems", "mkdir -p .hg .bzr/x _darcs deep/.hg; echo 1 >.hg/x; echo 1 >deep/.hg/x; echo 1 >.hgx", EtckeeperSpelling.DotSlash },
    };

    [Theory]
    [MemberData(nameof(Trees))]
    public void Tree_gives_the_bytes_that_etckeeper_writes(string situation, string commands, EtckeeperSpelling spelling)
    {
        using var tree = new LiveTree();
        tree.Shell(commands);
        if (LiveTree.IsRoot && commands.Contains("shadow", StringComparison.Ordinal)) tree.Shell(Owners);
        var before = tree.Observe();
        var theirs = tree.StoreMetadata();
        var entries = tree.Observe();

        Assert.True(spelling == EtckeeperFilter.SpellingOf(entries), situation);
        Same(theirs, EtckeeperFile.FromObserved(entries, spelling).Write());
        // It is the same whether .etckeeper was there before or not.
        Same(theirs, EtckeeperFile.FromObserved(before, spelling).Write());

        var parsed = EtckeeperFile.Parse(theirs);
        Assert.Empty(parsed.Rejected);
        Assert.Equal(spelling, parsed.Spelling);
        Same(theirs, parsed.Write());
    }

    [Fact]
    public void Change_by_change_gives_the_bytes_that_etckeeper_writes()
    {
        using var tree = new LiveTree();
        tree.Shell($"{OddTree}\n{Ignored}\n{IgnoreFile}");
        var before = EtckeeperFile.Parse(tree.StoreMetadata());
        tree.Shell("echo 1 >\"it's/empty/new\"; chmod 600 a; rm A; rm -r 'é'; mkdir -p new/empty; echo 1 >y~");
        var theirs = tree.StoreMetadata();

        var entries = tree.Observe().ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        string[] changed = ["it's/empty", "it's/empty/new", "a", "A", "é", "é/ü", "é/naïve", "new", "new/empty", "y~"];
        var there = changed.Where(entries.ContainsKey).Select(path => entries[path]).ToList();
        var after = before.With(
            there.Select(entry => EtckeeperFilter.RecordOf(entry, before.Spelling)).OfType<EtckeeperRecord>(),
            changed,
            there.Where(EtckeeperFilter.IsEmptyDirectory).Select(entry => entry.Path),
            changed);
        Same(theirs, after.Write());
    }

    private static void Same(byte[] expected, byte[] actual)
    {
        // Text shows what differs; bytes settle it.
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(actual));
        Assert.Equal(expected, actual);
    }
}
