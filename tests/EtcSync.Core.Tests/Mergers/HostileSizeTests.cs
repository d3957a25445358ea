using System.Diagnostics;
using System.Text;
using EtcSync.Core.Mergers;

namespace EtcSync.Core.Tests.Mergers;

/// <summary>A client can write any file as long as the limit allows. A merge that costs the square of that would keep the server busy for hours.</summary>
public sealed class HostileSizeTests
{
    private const int Many = 100_000;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string, string, string> Files() => new()
    {
        { "hosts", "10.0.0.1 a\n", $"10.0.0.1 a {Words(' ', "h")}\n", "10.0.0.1 a b\n" },
        { "services", "a 1/tcp\n", $"a 1/tcp {Words(' ', "h")}\n", "a 1/tcp b\n" },
        { "aliases", "root: a\n", $"root: a\nall: a,\n{string.Concat(Enumerable.Repeat(" b,\n", Many))}", "root: c\n" },
        { "fstab", "tmpfs /tmp tmpfs rw 0 0\n", $"tmpfs /tmp tmpfs rw,{Words(',', "o")} 0 0\n", "tmpfs /tmp tmpfs rw,noexec 0 0\n" },
        { "systemd", "[Unit]\nAfter=a\n", $"[Unit]\nAfter=a\n{Words('\n', "After=")}\n", "[Unit]\nAfter=a\nAfter=b\n" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void File_ofTheSizeThatAClientCanWrite_isMergedInSeconds(string merger, string ancestor, string client, string upstream)
    {
        var watch = Stopwatch.StartNew();

        ContentMergers.Find(merger)!.Merge(new(Encoding.ASCII.GetBytes(ancestor), Encoding.ASCII.GetBytes(client), Encoding.ASCII.GetBytes(upstream)), _ => null);

        Assert.True(watch.Elapsed < Enough, $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void File_ofMoreLinesThanAnybodyWrites_isNotTakenApart()
    {
        var result = ContentMergers.Find("hosts")!.Merge(new("10.0.0.1 a\n"u8.ToArray(), [.. Enumerable.Repeat((byte)'\n', 1_000_001)], "10.0.0.1 a b\n"u8.ToArray()), _ => null);

        Assert.Equal("One of the versions has more than 1,000,000 lines.", Assert.IsType<ContentMergeResult.NotUnderstood>(result).Reason);
    }

    private static string Words(char separator, string word) => string.Join(separator, Enumerable.Range(0, Many).Select(number => $"{word}{number}"));
}
