using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Server;

/// <summary>The real exportfs, with a machine's files of its own.</summary>
public sealed class ExportsTests : IDisposable
{
    private const string Ours = "/etc/exports.d/etcsync.exports";
    private const string Settings = "server: {address: 192.168.1.1, interface: eth0, network: 192.168.1.0/24}\ndhcp: {manage: false}\nboot: {manage: false}\n";

    private readonly Cluster _cluster = new([], Settings);
    private readonly OwnMachine _machine;

    public ExportsTests()
    {
        _machine = new(_cluster);
        Inventory(("pc01", "192.168.1.50"), ("pc02", "192.168.1.51"));
    }

    [NamespaceFact]
    public void Exportfs_exports_to_each_client_what_is_its_own_and_nothing_to_others()
    {
        Sync();

        var (code, output) = Apply();

        // No NFS server runs here, and that a person must know; everything else is in order.
        Assert.True(code == 2, output);
        Assert.Contains("The NFS server is not running", output, StringComparison.Ordinal);
        Assert.DoesNotContain("exportfs", output, StringComparison.Ordinal);
        Assert.Equal(["/srv/etc-pc01 192.168.1.50 rw", "/srv/etc-pc02 192.168.1.51 rw", "/srv/root 192.168.1.0/24 ro"], Table());
    }

    [NamespaceFact]
    public void Client_that_is_removed_is_no_longer_in_the_table()
    {
        Sync();
        Apply();
        Inventory(("pc01", "192.168.1.50"));

        Apply();

        Assert.Equal(["/srv/etc-pc01 192.168.1.50 rw", "/srv/root 192.168.1.0/24 ro"], Table());
    }

    [NamespaceFact]
    public void File_that_exportfs_refuses_in_a_trial_is_never_written()
    {
        Sync();
        Program("echo \"exportfs: unknown keyword \\\"sync\\\"\" >&2; exit 1");

        var (code, output) = Apply();

        Assert.True(code == 1, output);
        Assert.Contains("does not take it as it is meant: it would not export '/srv/root' to '192.168.1.0/24', '/srv/etc-pc01' to '192.168.1.50', '/srv/etc-pc02' to '192.168.1.51'. It says: unknown keyword \"sync\".", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_machine.Place(Ours)));
    }

    [NamespaceFact]
    public void File_that_exportfs_refuses_when_it_is_installed_is_put_back()
    {
        Sync();
        Apply();
        var before = File.ReadAllText(_machine.Place(Ours));
        Inventory(("pc01", "192.168.1.60"));
        // The trial's /etc has nothing but exports.
        Program($"[ ! -e /etc/passwd ] || grep -q 192.168.1.51 {Ours} || {{ echo 'exportfs: out of luck' >&2; exit 1; }}; exec {ServerPrograms.Find("exportfs")} \"$@\"");

        var (code, output) = Apply();

        Assert.True(code == 1, output);
        Assert.Contains("exportfs did not take the new exports: it does not export '/srv/etc-pc01' to '192.168.1.60'", output, StringComparison.Ordinal);
        Assert.Contains("out of luck", output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_machine.Place(Ours)));
        Assert.Equal(["/srv/etc-pc01 192.168.1.50 rw", "/srv/etc-pc02 192.168.1.51 rw", "/srv/root 192.168.1.0/24 ro"], Table());
    }

    [NamespaceFact]
    public void Export_that_somebody_made_by_hand_is_reported_when_read_back()
    {
        Sync();
        Apply();
        _machine.Run("exportfs", "-o", "rw,no_root_squash,no_subtree_check", "192.168.1.99:/srv/etc-pc01");

        var (_, output) = Apply();

        Assert.Contains("The running server exports '/srv/etc-pc01' to the machine with the address 192.168.1.99, which no file says in these words", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [NamespaceFact]
    public void Foreign_line_that_counts_before_ours_is_reported_with_its_place()
    {
        Sync();
        File.WriteAllText(_machine.Place("/etc/exports"), "# theirs\n/srv/etc-pc01 192.168.1.50(rw,async,no_subtree_check)\n");

        var (code, output) = Apply();

        Assert.True(code == 2, output);
        Assert.Contains("/etc/exports:2: EtcSync exports '/srv/etc-pc01' to 192.168.1.50 too.", output, StringComparison.Ordinal);
        Assert.Contains("The running server exports /srv/etc-pc01 to 192.168.1.50 with other options than it should", output, StringComparison.Ordinal);
    }

    [NamespaceFact]
    public void Machine_without_exportfs_is_told_what_to_install()
    {
        Sync();
        _machine.Programs = "/nonexistent";
        if (_machine.Run("sh", "-c", "command -v exportfs").Code == 0) return;

        var (code, output) = Apply();

        Assert.True(code == 2, output);
        Assert.Contains("exportfs is not installed", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_machine.Place(Ours)));
    }

    public void Dispose() => _cluster.Dispose();

    private void Sync()
    {
        var (code, output) = _machine.Etcsync("sync");
        Assert.True(code == 0, output);
    }

    private (int Code, string Output) Apply() => _machine.Etcsync("server", "apply", "--yes");

    private string[] Table() =>
        [.. File.ReadAllLines(_machine.Place("/var/lib/nfs/etab")).Select(line => line.Replace('\t', ' ').Replace('(', ' ')).Select(line => line[..(line.IndexOf(',', StringComparison.Ordinal))]).Order(StringComparer.Ordinal)];

    private void Program(string script)
    {
        var directory = Directory.CreateDirectory(_machine.Place("/programs")).FullName;
        File.WriteAllText($"{directory}/exportfs", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode($"{directory}/exportfs", (UnixFileMode)0x1ED);
        _machine.Programs = directory;
    }

    private void Inventory(params (string Name, string Address)[] clients) => File.WriteAllText(
        _machine.Place("/etc/etcsync/inventory.yaml"),
        "version: 1\nclients:\n" + string.Concat(clients.Select((client, i) => $"  - {{name: {client.Name}, mac: '52:54:00:00:00:{i:x2}', ip: {client.Address}}}\n")));
}
