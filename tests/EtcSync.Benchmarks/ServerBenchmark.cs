using System.Diagnostics;
using System.Globalization;
using System.Text;
using EtcSync.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;
using EtcSync.Dnsmasq;
using EtcSync.Fleet;
using EtcSync.Server;
using EtcSync.State;
using Spectre.Console;

namespace EtcSync.Benchmarks;

/// <summary>Measures the server's files: read the inventory, observe, render and check, install. The clones are empty directories: nothing of them is read for this.</summary>
internal sealed class ServerBenchmark(string directory, int clients)
{
    private readonly Table _table = new Table().AddColumn("what").AddColumn(new TableColumn("ms").RightAligned());

    public int Run()
    {
        Console.WriteLine($"{clients} clients, {Environment.ProcessorCount} processors, in {directory}");
        try
        {
            Prepare();
            // The first round is the program's own start: what is compiled in it is compiled.
            Measure(isShown: false);
            Directory.Delete(directory, recursive: true);
            Prepare();
            Measure(isShown: true);
            AnsiConsole.Write(_table);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return 0;
    }

    private void Prepare()
    {
        foreach (var needed in (string[])["etc/etcsync", "srv/root/etc", "srv/root/boot", "srv/root/usr/lib/syslinux/bios", "var/lib/etcsync/clients"]) Directory.CreateDirectory(Path.Combine(directory, needed));
        foreach (var file in (string[])["boot/vmlinuz-linux", "boot/initramfs-linux.img", "usr/lib/syslinux/bios/pxelinux.0", "usr/lib/syslinux/bios/ldlinux.c32"]) File.WriteAllText(Path.Combine(directory, "srv/root", file), "");
        File.WriteAllText(Path.Combine(directory, "etc/etcsync/etcsync.yaml"), "version: 1\nupstream: {branch: master}\nserver: {address: 10.0.0.1, interface: eth0, network: 10.0.0.0/8}\nboot: {variants: [{groups: [serial], arguments: 'console=ttyS0'}]}\n");
        Write(clients);
        for (var i = 0; i <= clients; i++)
        {
            Directory.CreateDirectory(Path.Combine(directory, $"srv/etc-{Name(i)}"));
            Directory.CreateDirectory(Path.Combine(directory, $"var/lib/etcsync/clients/{Name(i)}.git"));
            File.WriteAllText(Path.Combine(directory, $"var/lib/etcsync/clients/{Name(i)}.git/HEAD"), "ref: refs/heads/client\n");
        }
    }

    // Every tenth one boots otherwise, and so has a boot file of its own.
    private void Write(int count)
    {
        var inventory = new StringBuilder("version: 1\nclients:\n");
        for (var i = 0; i < count; i++)
            inventory.Append(CultureInfo.InvariantCulture, $"  - name: {Name(i)}\n    mac: 52:54:00:{i >> 16:x2}:{(i >> 8) & 255:x2}:{i & 255:x2}\n    ip: 10.1.{i / 250}.{(i % 250) + 1}\n    groups: [{(i % 10 == 0 ? "serial" : "lab")}]\n");
        File.WriteAllText(Path.Combine(directory, "etc/etcsync/inventory.yaml"), inventory.ToString());
    }

    private void Measure(bool isShown)
    {
        var all = Stopwatch.StartNew();
        var workspace = Time("read settings and inventory", Open, isShown);
        var observation = Time("observe", () => ServerObserver.Observe(workspace), isShown);
        var plan = Time("render and check", () => ServerPlanner.Plan(observation, ServerParts.Files), isShown);
        if (plan.IsRefused) throw new InvalidOperationException(string.Join('\n', plan.Findings));
        if (isShown) _table.AddRow("together", Text(all.Elapsed));
        // Below another root no program is asked, so this is measured by itself.
        if (ServerProgram.Find("dnsmasq") is { } dnsmasq) Time("dnsmasq tries the options and reservations", () => Try(workspace, plan, dnsmasq), isShown);
        var outcome = Time($"observe, render, check and install ({plan.Changes.Length} files)", () => Apply(workspace), isShown);
        if (outcome.Done.Length != plan.Changes.Length) throw new InvalidOperationException(string.Join('\n', outcome.All));
        Time("the same, nothing changed", () => Apply(workspace), isShown);
        Write(clients + 1);
        Time("the same from the inventory on, one client more", () => Apply(Open()), isShown);
    }

    private static ServerOutcome Apply(Workspace workspace) => new ServerApplier(workspace).Run(_ => true, CancellationToken.None);

    private static string? Try(Workspace workspace, ServerPlan plan, string dnsmasq)
    {
        string Text(string path) => ((GeneratedContent.Whole)plan.Files.Single(file => file.Path == path).Content).Text;
        return new DnsmasqTrial(new(workspace.Time, TimeSpan.FromMinutes(1)), dnsmasq, workspace.Locations).OfAll(Text(DnsmasqPaths.Configuration), Text(DnsmasqPaths.Reservations), CancellationToken.None);
    }

    private Workspace Open()
    {
        var locations = new Locations(directory);
        var loaded = ConfigurationLoader.Load(locations);
        return new(locations, loaded.Value ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems)), TimeProvider.System);
    }

    private T Time<T>(string what, Func<T> work, bool isShown)
    {
        var watch = Stopwatch.StartNew();
        var result = work();
        if (isShown) _table.AddRow(what, Text(watch.Elapsed));
        return result;
    }

    private static string Text(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    private static string Name(int client) => $"pc{client:00000}";
}
