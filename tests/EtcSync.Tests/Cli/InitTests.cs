using System.Net;
using EtcSync.Configuration;
using EtcSync.Setup;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class InitTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-init-").FullName;

    private string Upstream => Path.Combine(_root, "srv/root/etc");

    private string Settings => Path.Combine(_root, "etc/etcsync/etcsync.yaml");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Init_writes_a_valid_configuration_and_starts_nothing()
    {
        MakeUpstream();

        var answer = Init();

        Assert.Equal(0, answer.Code);
        var loaded = ConfigurationLoader.Load(new Locations(_root));
        Assert.Empty(loaded.Problems);
        Assert.Equal("trunk", loaded.Value!.Settings.Upstream.Branch);
        Assert.Equal(["etc", "srv"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName).Order());
        Assert.Equal(["root"], Directory.EnumerateFileSystemEntries(Path.Combine(_root, "srv")).Select(Path.GetFileName));
        Assert.Contains("Nothing was started", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_overwrites_nothing()
    {
        MakeUpstream();
        Init();
        File.AppendAllText(Settings, "# mine\n");
        var before = CommandLine.Fingerprint(_root);

        var answer = Init();

        Assert.Equal(1, answer.Code);
        Assert.Contains("exists", answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, CommandLine.Fingerprint(_root));
    }

    [Fact]
    public void Forced_init_keeps_the_old_settings_and_the_inventory()
    {
        MakeUpstream();
        Init();
        File.AppendAllText(Settings, "# mine\n");
        CommandLine.Run("--root", _root, "client", "add", "pc01", "--mac", "02:00:00:00:00:01");

        Assert.Equal(0, Init("--force", "--branch", "trunk").Code);

        Assert.EndsWith("# mine\n", File.ReadAllText(Settings + ".old"), StringComparison.Ordinal);
        Assert.DoesNotContain("# mine", File.ReadAllText(Settings), StringComparison.Ordinal);
        Assert.Contains("pc01", File.ReadAllText(Path.Combine(_root, "etc/etcsync/inventory.yaml")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[extensions]\n\tobjectformat = sha256\n", "sha256")]
    [InlineData("[extensions]\n\trefstorage = reftable\n", "reftable")]
    public void Init_refuses_repositories_of_another_format(string config, string word)
    {
        MakeUpstream();
        File.AppendAllText(Path.Combine(Upstream, ".git/config"), config);

        var answer = Init();

        Assert.Equal(1, answer.Code);
        Assert.Contains(word, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Settings));
    }

    [Fact]
    public void Init_without_a_repository_says_what_to_do()
    {
        Assert.Contains("There is no directory", Init().Error, StringComparison.Ordinal);
        Directory.CreateDirectory(Upstream);
        Assert.Contains("is not a git repository", Init().Error, StringComparison.Ordinal);
        Tool.Git(Upstream, "init", "-q", "-b", "trunk");
        Assert.Contains("has no commit yet", Init().Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_root, "etc")));
    }

    [Fact]
    public void Init_with_a_detached_head_needs_a_branch()
    {
        MakeUpstream();
        Tool.Git(Upstream, "checkout", "-q", "--detach");

        Assert.Contains("--branch", Init().Error, StringComparison.Ordinal);
        Assert.Contains("no branch 'nope'", Init("--branch", "nope").Error, StringComparison.Ordinal);
        Assert.Equal(0, Init("--branch", "trunk").Code);
    }

    [Fact]
    public void Init_takes_the_address_that_it_is_given()
    {
        MakeUpstream();

        Assert.Equal(1, Init("--address", "10.1.2.300").Code);
        Assert.Equal(0, Init("--address", "10.77.88.99", "--interface", "lan7").Code);

        var server = ConfigurationLoader.Load(new Locations(_root)).Value!.Settings.Server;
        Assert.Equal((IPAddress.Parse("10.77.88.99"), "lan7"), (server.Address, server.Interface));
    }

    [Fact]
    public void Address_of_a_real_card_in_a_private_network_comes_first()
    {
        ServerAddress[] found = [new("docker0", IPAddress.Parse("172.17.0.1"), null), new("eth0", IPAddress.Parse("203.0.113.9"), null), new("eth1", IPAddress.Parse("192.168.7.1"), null)];

        Assert.Equal(["eth1", "eth0", "docker0"], found.OrderBy(ServerAddresses.Rank).Select(address => address.Interface));
    }

    private Answer Init(params string[] arguments) => CommandLine.Run(["--root", _root, "init", .. arguments]);

    private void MakeUpstream()
    {
        Directory.CreateDirectory(Upstream);
        Tool.Git(Upstream, "init", "-q", "-b", "trunk");
        File.WriteAllText(Path.Combine(Upstream, "motd"), "one\n");
        Tool.Git(Upstream, "add", "-A");
        Tool.Git(Upstream, "commit", "-q", "-m", "one");
    }
}
