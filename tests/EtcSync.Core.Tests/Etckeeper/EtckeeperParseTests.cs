using System.Text;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using FsCheck;
using FsCheck.Fluent;
using static EtcSync.Core.Tests.Etckeeper.EtckeeperText;

namespace EtcSync.Core.Tests.Etckeeper;

public sealed class EtckeeperParseTests
{
    private const string Golden = Head + """
        mkdir -p './apt/auth.conf.d'
        mkdir -p './it'"'"'s empty'
        maybe chmod 0755 '.'
        maybe chmod 0700 './.etckeeper'
        maybe chown 'daemon' './at.deny'
        maybe chgrp 'daemon' './at.deny'
        maybe chmod 0640 './at.deny'
        maybe chmod 0644 './café'
        maybe chmod 0644 './it'"'"'s'
        maybe chgrp 'shadow' './shadow'
        maybe chmod 0640 './shadow'
        maybe chown '1234' './spool'
        maybe chgrp '5678' './spool'
        maybe chmod 3775 './spool'

        """;

    [Fact]
    public void File_of_etckeeper_is_read()
    {
        var file = EtckeeperFile.Parse(Encoding.UTF8.GetBytes(Golden));

        Assert.Empty(file.Rejected);
        Assert.Equal(EtckeeperSpelling.DotSlash, file.Spelling);
        Assert.Equal<string>(["apt/auth.conf.d", "it's empty"], file.EmptyDirectories);
        Assert.Equal([".", ".etckeeper", "at.deny", "café", "it's", "shadow", "spool"], file.Records.Select(record => record.Path));
        Assert.Equal(new EtckeeperRecord("at.deny", 0x1A0, "daemon", "daemon"), file.Find("at.deny"));
        Assert.Equal(new EtckeeperRecord("shadow", 0x1A0, null, "shadow"), file.Find("shadow"));
        Assert.Equal(new EtckeeperRecord("spool", 0x7FD, "1234", "5678"), file.Find("spool"));
        Assert.Null(file.Find("absent"));
        Assert.True(file.HasEmptyDirectory("it's empty"));
        Assert.False(file.HasEmptyDirectory("shadow"));
    }

    [Fact]
    public void File_of_etckeeper_is_written_again_byte_for_byte() =>
        Assert.Equal(Golden, Encoding.UTF8.GetString(EtckeeperFile.Parse(Encoding.UTF8.GetBytes(Golden)).Write()));

    [Fact]
    public void Stripped_spelling_is_kept()
    {
        // "." stands between the names here, where "./" puts it first.
        string[] lines = ["mkdir -p './e'", "maybe chmod 0644 '-x'", "maybe chmod 0755 '.'", "maybe chmod 0755 'e'"];
        var file = Parse(lines);

        Assert.Equal(EtckeeperSpelling.Stripped, file.Spelling);
        Assert.Equal(lines, file.Lines());
        Assert.Equal(
            ["mkdir -p './e'", "maybe chmod 0755 '.'", "maybe chmod 0644 './-x'", "maybe chmod 0755 './e'"],
            file.With(EtckeeperSpelling.DotSlash).Lines());
    }

    [Fact]
    public void Names_that_are_not_utf8_survive()
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(Head + "maybe chmod 0644 './caf"), 0xE9, .. "'\nmaybe chmod 0644 './"u8, 0xFF, 0x80, .. "'\n"u8];
        var file = EtckeeperFile.Parse(content);

        Assert.Empty(file.Rejected);
        Assert.All(file.Records, record => Assert.False(GitName.IsUtf8(record.Path)));
        Assert.Equal(content, file.Write());
    }

    [Fact]
    public void Byte_order_is_kept_beyond_the_surrogates()
    {
        // U+FF5E is before U+1F600 in bytes, and after it in UTF-16.
        string[] lines = ["maybe chmod 0644 '\uFF5E'", "maybe chmod 0644 '\U0001F600'"];
        var file = Parse(lines);
        Assert.Equal(lines, file.Lines());
        Assert.NotNull(file.Find("\uFF5E"));
        Assert.NotNull(file.Find("\U0001F600"));
    }

    [Theory]
    [InlineData("chmod 644 'x'", 0x1A4, null, null)]
    [InlineData("maybe chmod 0644 ./x", 0x1A4, null, null)]
    [InlineData("maybe chmod 04755 './x'", 0x9ED, null, null)]
    [InlineData("maybe chmod 00 './x'", 0, null, null)]
    [InlineData("chown root './x'", null, "root", null)]
    [InlineData("chgrp 'shadow' x", null, null, "shadow")]
    [InlineData("maybe chown 'EXAMPLE\\domain users' 'x'", null, "EXAMPLE\\domain users", null)]
    [InlineData("  maybe  chmod  0600\t\"./x\"  ", 0x180, null, null)]
    public void Older_or_other_spellings_are_understood(string line, int? mode, string? owner, string? group)
    {
        var file = Parse(line);
        Assert.Empty(file.Rejected);
        Assert.Equal(new EtckeeperRecord("x", mode, owner, group), Assert.Single(file.Records));
    }

    [Fact]
    public void Lines_of_a_path_that_are_apart_become_one_record()
    {
        var file = Parse("mkdir -p ./b", "mkdir -p './a'", "mkdir -p './a'", "chown www './x'", "chgrp www './a'", "chgrp www './x'", "chmod 750 './a'", "chmod 600 './x'", "chmod 640 'x'");
        Assert.Equal<string>(["a", "b"], file.EmptyDirectories);
        Assert.Equal<EtckeeperRecord>([new("a", 0x1E8, null, "www"), new("x", 0x1A0, "www", "www")], file.Records);
    }

    [Theory]
    [InlineData("'q'\"'\"'x'", "q'x")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d")]
    [InlineData("a\\ b", "a b")]
    [InlineData("a\\$b'c'~", "a$bc~")]
    [InlineData("'$(reboot)'", "$(reboot)")]
    [InlineData("'-rf'", "-rf")]
    [InlineData("'a;b|c&d>e`f`'", "a;b|c&d>e`f`")]
    [InlineData("'~'", "~")]
    public void Quoting_is_undone_as_a_shell_would(string word, string path)
    {
        var file = Parse($"maybe chmod 0644 {word}");
        Assert.Empty(file.Rejected);
        Assert.Equal(path, Assert.Single(file.Records).Path);
        Assert.Equal(file, EtckeeperFile.Parse(file.Write()));
    }

    [Theory]
    [InlineData("maybe chmod $(reboot) 'x'")]
    [InlineData("maybe chmod 0644 $(reboot)")]
    [InlineData("maybe chmod 0644 \"$(reboot)\"")]
    [InlineData("maybe chmod 0644 `reboot`")]
    [InlineData("maybe chmod 0644 \"`reboot`\"")]
    [InlineData("maybe chmod 0644 $HOME")]
    [InlineData("maybe chmod 0644 ~root")]
    [InlineData("maybe chmod 0644 *")]
    [InlineData("maybe chmod 0644 'x'; reboot")]
    [InlineData("maybe chmod 0644 'x' && reboot")]
    [InlineData("maybe chmod 0644 'x'>y")]
    [InlineData("maybe chmod 0644 'x' # y")]
    [InlineData("maybe chmod 0644 'x' 'y'")]
    [InlineData("maybe chmod 0644")]
    [InlineData("maybe chmod 0644 ''")]
    [InlineData("maybe chmod 0644 'x")]
    [InlineData("maybe chmod 0644 \"x")]
    [InlineData("maybe chmod 0644 x\\")]
    [InlineData("maybe chmod 0644 '/etc/shadow'")]
    [InlineData("maybe chmod 0644 '../root'")]
    [InlineData("maybe chmod 0644 './a/../../root'")]
    [InlineData("maybe chmod 0644 './..'")]
    [InlineData("maybe chmod 0644 './a//b'")]
    [InlineData("maybe chmod 0644 './a/./b'")]
    [InlineData("maybe chmod 0644 './a/'")]
    [InlineData("maybe chmod 0644 './'")]
    [InlineData("maybe chmod 0644 './.'")]
    [InlineData("maybe chmod 0644 './.git/config'")]
    [InlineData("maybe chmod 0644 'a/.GIT/hooks'")]
    [InlineData("maybe chmod 0644 'x\0y'")]
    [InlineData("maybe chmod 7777777 'x'")]
    [InlineData("maybe chmod 10000 'x'")]
    [InlineData("maybe chmod 0648 'x'")]
    [InlineData("maybe chmod -1 'x'")]
    [InlineData("maybe chmod u+s 'x'")]
    [InlineData("maybe chmod '' 'x'")]
    [InlineData("maybe chown 'a:b' 'x'")]
    [InlineData("maybe chown '--reference=y' 'x'")]
    [InlineData("maybe chown '' 'x'")]
    [InlineData("maybe chown 'a'\"'\"'b' 'x'")]
    [InlineData("maybe chown 'a\tb' 'x'")]
    [InlineData("maybe chown")]
    [InlineData("mkdir -p '/tmp/x'")]
    [InlineData("mkdir -p './../x'")]
    [InlineData("mkdir -p '.'")]
    [InlineData("mkdir -p './a' './b'")]
    [InlineData("mkdir -m 777 -p './a'")]
    [InlineData("ln -sf '/etc/passwd' 'x'")]
    [InlineData("reboot")]
    [InlineData("maybe reboot")]
    [InlineData("chmod 0644 'x' &")]
    [InlineData("<<<<<<< HEAD")]
    public void Line_that_is_not_understood_is_rejected_and_has_no_effect(string line)
    {
        var file = Parse("maybe chmod 0600 'before'", line, "maybe chmod 0600 'later'");
        Assert.Equal(new RejectedLine(4, line), Assert.Single(file.Rejected));
        Assert.Equal<EtckeeperRecord>([new("before", 0x180), new("later", 0x180)], file.Records);
        Assert.Empty(file.EmptyDirectories);
    }

    [Fact]
    public void Rejected_lines_are_bounded()
    {
        var file = Parse([.. Enumerable.Repeat(new string('x', 100_000), 20), .. Enumerable.Repeat("y", 5_000)]);
        Assert.Equal(1000, file.Rejected.Length);
        Assert.Equal(200, file.Rejected[0].Text.Length);
    }

    [Fact]
    public void Component_of_more_than_255_bytes_is_rejected()
    {
        Assert.Empty(Parse($"maybe chmod 0644 'a/{new string('x', 255)}'").Rejected);
        Assert.Single(Parse($"maybe chmod 0644 'a/{new string('x', 256)}/b'").Rejected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("# a comment")]
    public void Nothing_is_an_empty_file(string content)
    {
        var file = EtckeeperFile.Parse(Encoding.UTF8.GetBytes(content));
        Assert.Equal(EtckeeperFile.Empty, file);
        Assert.Empty(file.Rejected);
    }

    [Fact]
    public void Last_line_without_an_end_is_read() =>
        Assert.Equal(new("x", 0x1A4), Assert.Single(EtckeeperFile.Parse("maybe chmod 0644 'x'"u8).Records));

    [Fact]
    public void Damaged_file_is_read_without_an_error_and_what_was_read_is_stable() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll((byte[] noise, int from, int length) =>
        {
            // The noise stands somewhere in a good file instead of some of its bytes.
            var golden = Encoding.UTF8.GetBytes(Golden);
            var start = (int)((uint)(from * 7919) % (uint)golden.Length);
            byte[] content = [.. golden[..start], .. noise, .. golden[Math.Min(golden.Length, start + (Math.Abs(length) % 40))..]];

            var file = EtckeeperFile.Parse(content);
            var again = EtckeeperFile.Parse(file.Write());
            Assert.Equal(file, again);
            Assert.Empty(again.Rejected);
            Assert.All(file.Records, record => Assert.DoesNotContain("..", record.Path.Split('/')));
        }));
}
