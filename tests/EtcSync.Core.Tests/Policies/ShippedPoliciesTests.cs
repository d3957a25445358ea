using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Tests.Policies;

public sealed class ShippedPoliciesTests
{
    private static readonly PolicySet Shipped = Load();

    internal static ImmutableArray<ConfigurationFile> Files()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent;
        Assert.NotNull(directory);
        return [.. Directory.GetFiles(Path.Combine(directory.FullName, "policies"), "*.yaml").Order(StringComparer.Ordinal)
            .Select(path => new ConfigurationFile(Path.GetFileName(path), File.ReadAllText(path)))];
    }

    [Fact]
    public void Shipped_files_have_no_problems_and_say_what_they_are_for()
    {
        Assert.Empty(PolicySet.Load(Files()).Problems);
        Assert.True(Files().Length >= 6);
        Assert.All(Files(), file => Assert.StartsWith("# EtcSync policies: ", file.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hostname", PathClass.Client)]
    [InlineData("machine-id", PathClass.Client)]
    [InlineData("ssh/ssh_host_ed25519_key", PathClass.Client)]
    [InlineData("ssh/ssh_host_rsa_key.pub", PathClass.Client)]
    [InlineData("iscsi/initiatorname.iscsi", PathClass.Client)]
    [InlineData("nvme/hostnqn", PathClass.Client)]
    [InlineData("krb5.keytab", PathClass.Client)]
    [InlineData("mailname", PathClass.Client)]
    [InlineData("ssl/private/ssl-cert-snakeoil.key", PathClass.Client)]
    [InlineData("udev/rules.d/70-persistent-net.rules", PathClass.Client)]
    [InlineData("hosts", PathClass.Merge)]
    [InlineData("ssh/sshd_config", PathClass.Merge)]
    [InlineData("ssh/ssh_config", PathClass.Merge)]
    [InlineData("passwd", PathClass.Merge)]
    [InlineData("fstab", PathClass.Merge)]
    [InlineData(".etckeeper", PathClass.Merge)]
    [InlineData(".gitignore", PathClass.Merge)]
    [InlineData("pacman.conf", PathClass.Merge)]
    [InlineData("pacman.conf.pacnew", PathClass.Merge)]
    [InlineData("pacman.d/mirrorlist", PathClass.Merge)]
    [InlineData("mkinitcpio.conf", PathClass.Merge)]
    [InlineData("apt/sources.list", PathClass.Merge)]
    [InlineData("default/grub", PathClass.Merge)]
    [InlineData("sudoers.d/wheel", PathClass.Merge)]
    [InlineData("systemd/system/multi-user.target.wants/sshd.service", PathClass.Merge)]
    [InlineData(@"systemd/system/dev-disk-by\x2dlabel-swap.swap", PathClass.Merge)]
    [InlineData("cups/printers.conf", PathClass.Merge)]
    [InlineData("iscsi/iscsid.conf", PathClass.Merge)]
    [InlineData("network/interfaces", PathClass.Merge)]
    [InlineData("localtime", PathClass.Merge)]
    [InlineData("ssl/certs/ca-certificates.crt", PathClass.Merge)]
    [InlineData("pacman.d/gnupg/pubring.gpg", PathClass.Merge)]
    [InlineData(".updated", PathClass.Local)]
    [InlineData("adjtime", PathClass.Local)]
    [InlineData("resolv.conf", PathClass.Local)]
    [InlineData("passwd-", PathClass.Local)]
    [InlineData("gshadow-", PathClass.Local)]
    [InlineData(".pwd.lock", PathClass.Local)]
    [InlineData("ssh/.sshd_config.swp", PathClass.Local)]
    [InlineData("hosts~", PathClass.Local)]
    [InlineData("ld.so.cache~", PathClass.Local)]
    [InlineData("systemd/.#system.conf1234", PathClass.Local)]
    [InlineData("4913", PathClass.Local)]
    [InlineData("lvm/cache/.cache", PathClass.Local)]
    [InlineData("lvm/lvm.conf", PathClass.Merge)]
    [InlineData("network/run/ifstate", PathClass.Local)]
    [InlineData("cups/subscriptions.conf", PathClass.Local)]
    [InlineData("cups/subscriptions.conf.O", PathClass.Local)]
    [InlineData("ssh/sshd_config.dpkg-new", PathClass.Local)]
    [InlineData("ssh/sshd_config.dpkg-dist", PathClass.Merge)]
    [InlineData("pacman.d/gnupg/S.gpg-agent", PathClass.Local)]
    [InlineData("ld.so.cache", PathClass.ShadowOfRoot)]
    [InlineData("udev/hwdb.bin", PathClass.ShadowOfRoot)]
    [InlineData("mtab", PathClass.ShadowOfRoot)]
    public void Class_of_a_real_path_is_the_intended_one(string path, PathClass expected)
    {
        var policy = Shipped.ForPath(path, ClientContext.None);

        Assert.Equal(expected, policy.Class);
        Assert.Equal(expected == PathClass.Merge, policy.ClassSource is null);
        Assert.Equal(expected == PathClass.Local, Shipped.PathsOf(ClientContext.None).IsLocal(path));
    }

    [Theory]
    [InlineData("passwd", "accounts")]
    [InlineData("shadow", "accounts")]
    [InlineData("group", "accounts")]
    [InlineData("gshadow", "accounts")]
    [InlineData("subuid", null)]
    [InlineData("pam.d/common-auth", "pam")]
    [InlineData("pam.d/system-login", "pam")]
    [InlineData("pam.d/sshd", null)]
    [InlineData("hosts", null)]
    public void Set_of_a_real_path_is_the_intended_one(string path, string? expected) =>
        Assert.Equal(expected, Shipped.ForPath(path, ClientContext.None).Together);

    [Theory]
    [InlineData("shadow", true)]
    [InlineData("gshadow-", true)]
    [InlineData("ssh/ssh_host_rsa_key", true)]
    [InlineData("ssh/ssh_host_rsa_key.pub", false)]
    [InlineData("NetworkManager/system-connections/office.nmconnection", true)]
    [InlineData("NetworkManager/NetworkManager.conf", false)]
    [InlineData("wpa_supplicant/wpa_supplicant-wlan0.conf", true)]
    [InlineData("ppp/chap-secrets", true)]
    [InlineData("ppp/options", false)]
    [InlineData("ssl/private/www.key", true)]
    [InlineData("ssl/certs/www.pem", false)]
    [InlineData("krb5.keytab", true)]
    [InlineData("nginx/tls/site.key", true)]
    [InlineData("passwd", false)]
    [InlineData("hosts", false)]
    public void Secrecy_of_a_real_path_is_the_intended_one(string path, bool expected) =>
        Assert.Equal(expected, Shipped.ForPath(path, ClientContext.None).Secret);

    [Theory]
    [InlineData("systemd/system/ssh.service", "systemd")]
    [InlineData("systemd/system/ssh.service.d/override.conf", "systemd")]
    [InlineData("systemd/network/20-wired.network", "systemd")]
    [InlineData("systemd/journald.conf", "systemd")]
    [InlineData("systemd/journald.conf.d/size.conf", "systemd")]
    [InlineData("systemd/system-generators/mine", "text")]
    [InlineData("NetworkManager/system-connections/office.nmconnection", "ini")]
    [InlineData("NetworkManager/dispatcher.d/50-mine", "text")]
    [InlineData("pacman.conf", "ini")]
    [InlineData("ssh/sshd_config", "sshd")]
    [InlineData("ssh/sshd_config.d/10-site.conf", "sshd")]
    [InlineData("hosts", "hosts")]
    [InlineData("fstab", "fstab")]
    [InlineData("services", "services")]
    [InlineData("protocols", "protocols")]
    [InlineData("networks", "networks")]
    [InlineData("rpc", "rpc")]
    [InlineData("aliases", "aliases")]
    [InlineData("mail/aliases", "aliases")]
    [InlineData("subuid", "subids")]
    [InlineData("environment", "key-value")]
    [InlineData("locale.conf", "key-value")]
    [InlineData("default/grub", "key-value")]
    [InlineData("default/useradd", "key-value")]
    [InlineData("sysctl.conf", "sysctl")]
    [InlineData("sysctl.d/99-sysctl.conf", "sysctl")]
    [InlineData("sysctl.d/README.sysctl", "text")]
    [InlineData("modules", "modules")]
    [InlineData("modules-load.d/cups-filters.conf", "modules")]
    [InlineData("shells", "lines")]
    [InlineData("locale.gen", "locale-gen")]
    [InlineData(".gitignore", "gitignore")]
    [InlineData("letsencrypt/.gitignore", "gitignore")]
    [InlineData("hosts.allow", "text")]
    [InlineData("sudoers", "text")]
    [InlineData("ssh/ssh_config", "text")]
    public void Merger_of_a_real_path_is_the_intended_one(string path, string expected)
    {
        var policy = Shipped.ForPath(path, ClientContext.None);

        Assert.Equal(expected, policy.Merger);
        Assert.Equal(expected == "text" ? null : "60-mergers.yaml", policy.MergerSource?.File);
    }

    [Fact]
    public void Shadow_files_name_what_they_are_made_from()
    {
        var files = Shipped.PathsOf(ClientContext.None).ShadowFiles;

        Assert.Equal(["ld.so.cache", "mtab", "udev/hwdb.bin"], files.Select(f => f.Path));
        Assert.True(files[0].IsMadeFrom("ld.so.conf.d/mine.conf"));
        Assert.True(files[0].IsMadeFrom("ld.so.conf"));
        Assert.False(files[0].IsMadeFrom("ld.so.cache"));
        Assert.False(files[1].IsMadeFrom("fstab"));
        Assert.Equal("30-shared-root.yaml", files[2].Source.File);
    }

    [Fact]
    public void Defaults_roll_out_at_once_with_an_identity_of_their_own()
    {
        var client = new Client(ClientName.Parse("pc01"), [], [], [], null, IdentityOverrides.None);

        Assert.Equal(RolloutMode.AtOnce, Shipped.ForClient(client).Mode);
        Assert.Equal(IdentityPolicy.Default, Shipped.IdentityOf(client, IdentityPolicy.Default));
    }

    private static PolicySet Load() =>
        PolicySet.Load(Files()) is { Value: { } set } loaded ? set : throw new InvalidOperationException(string.Join('\n', PolicySet.Load(Files()).Problems));
}
