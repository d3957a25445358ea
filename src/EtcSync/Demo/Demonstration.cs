using System.Diagnostics;
using System.Text.Json;
using EtcSync.Cli;
using EtcSync.State;

namespace EtcSync.Demo;

/// <summary>
/// Plays a cluster of six clients in a sandbox. Every command that is shown is really run, by the same code, with the
/// arguments that are shown.
/// </summary>
internal sealed class Demonstration
{
    private const int Clients = 6;

    private readonly Session _session;
    private readonly string _root;
    private readonly Output _out;
    private readonly long _start;
    private int _chapter;

    public Demonstration(Session session, string root)
    {
        (_session, _root, _out) = (session, root, session.Out);
        _start = session.Time.GetTimestamp();
    }

    private string Upstream => Path.Combine(_root, "srv/root/etc");

    /// <summary>Plays it.</summary>
    /// <exception cref="UserErrorException">A step ended otherwise than it should.</exception>
    public void Play()
    {
        var upstream = Prologue();
        SetUp();
        ServerSide();
        Rollout(upstream);
        Group();
        Override();
        Drift();
        Merge(upstream);
        Conflict(upstream);
        Settle();
        Epilogue();
    }

    private DemoUpstream Prologue()
    {
        _out.Line("EtcSync: a cluster of six diskless clients, in a sandbox", Tint.Strong);
        Say($"Everything below is real (git repositories, files, modes), and everything is inside {_root}.",
            "Nothing else on this machine is touched. '--root DIR' is what moves all paths there; a real cluster does without it.");
        var upstream = DemoUpstream.Create(Upstream);
        Say(
            $"Upstream, the shared root's /etc, is a copy of this machine's: {Words.Count(upstream.Files, "file")}. "
            + (upstream.Secrets > 0 ? $"{Words.Count(upstream.Secrets, "file")} that not everybody may read {(upstream.Secrets == 1 ? "was" : "were")} made up, not copied." : ""),
            upstream.HasEtckeeper
                ? "etckeeper's own hook records modes and owners in .etckeeper with every commit."
                : "etckeeper is not installed here, so EtcSync writes the .etckeeper that it would write.");
        if (!_session.Terminal.IsRoot) Say("You are not root: owners are carried along in .etckeeper, and not set on files.");
        return upstream;
    }

    private void SetUp()
    {
        Chapter("Set up", "'init' finds upstream and writes a commented configuration. It starts nothing.");
        Run(ExitCode.InOrder, "init");
        var settings = new Locations(_root).SettingsFile;
        File.WriteAllText(settings, DemoServer.Settle(File.ReadAllText(settings)));
        DemoServer.Furnish(Path.Combine(_root, "srv/root"));
        Say("The server's address is made up here (192.168.77.1), and so are kernel and boot loader in the shared root.");
        Say("Six clients go into the inventory; two of them are in the group 'lab'. Each gets its clone at once: all files, with the modes,",
            "owners and empty directories of upstream, and an identity of its own: machine-id, host name and SSH host keys.");
        for (var i = 1; i <= Clients; i++)
        {
            string[] group = i <= 2 ? ["--group", "lab"] : [];
            string[] command = ["client", "add", $"pc{i:00}", "--mac", $"02:00:00:00:00:{i:x2}", .. group];
            if (i == 1) Run(ExitCode.InOrder, command);
            else Run(ExitCode.InOrder, TextWriter.Null, command);
        }

        Run(ExitCode.InOrder, "client", "list");
        Shell("head -n 1 srv/etc-pc01/hostname srv/etc-pc01/machine-id srv/etc-pc02/hostname srv/etc-pc02/machine-id; stat -c '%a  %n' srv/etc-pc01/shadow srv/etc-pc01/cron.d/backup");
    }

    private void ServerSide()
    {
        Chapter("The server's side", "A machine without a disk needs more: an export to its address alone, a reservation, a name, something to boot. All of that", "follows from the inventory. A person applies it once; from then on 'client add' does, or the controller.");
        Run(ExitCode.InOrder, TextWriter.Null, ["server", "apply", "--yes"]);
        Shell("grep -h pc01 etc/exports.d/etcsync.exports var/lib/etcsync-dnsmasq/reservations var/lib/etcsync-dnsmasq/names | tr '\\t' ' '");
        Say("pc06 has a new mainboard. 'server plan' says what would follow; in a sandbox the files are written, and no program is told of them.");
        Shell("sed -i 's/02:00:00:00:00:06/02:00:00:00:00:60/' etc/etcsync/inventory.yaml");
        Run(ExitCode.InOrder, "server", "plan");
        Run(ExitCode.InOrder, TextWriter.Null, ["server", "apply"]);
        _out.Line();
        Say("'doctor' looks at everything in the order in which a machine boots. What others can read needs a person here: to mend it, or to accept it.");
        Run(ExitCode.PersonNeeded, "doctor", "pc06");
    }

    private void Rollout(DemoUpstream upstream)
    {
        Chapter("Roll a change out", "A commit in upstream is a rollout. Three files change, one of them with its mode.");
        Commit(upstream, "echo 'Maintenance on Friday.' >>motd; echo 'kernel.sysrq = 0' >>sysctl.d/60-cluster.conf; chmod 640 ntp.conf", "motd, sysctl, mode of ntp.conf");
        Say("'plan' shows what a sync would do, and changes nothing.");
        Run(ExitCode.InOrder, "plan", "pc01");
        Run(ExitCode.InOrder, "sync");
        Shell("tail -n 1 srv/etc-pc06/motd; stat -c '%a  %n' srv/etc-pc06/ntp.conf");
    }

    private void Group()
    {
        Chapter("A layer for a group", "What only the lab is to have lives in a layer: a branch on top of upstream. 'layer edit' opens a shell where its files are;", "given a command, it runs that.");
        Run(ExitCode.InOrder, "layer", "edit", "lab", "--message", "the lab has a proxy", "--", "/bin/sh", "-c", "mkdir -p environment.d && echo 'http_proxy=http://proxy.lab:3128' >environment.d/20-proxy.conf && echo 'This is the lab.' >>motd");
        Run(ExitCode.InOrder, "layer", "list");
        Run(ExitCode.InOrder, "sync");
        Shell("tail -n 1 srv/etc-pc01/motd srv/etc-pc03/motd");
    }

    private void Override()
    {
        Chapter("An override", "A client may differ. Whoever changes its files, on the client or here, makes an override; it stays through every rollout.");
        Shell("for pc in pc03 pc06; do sed -i 's/^server 0.*/server time.campus.example iburst/' srv/etc-$pc/ntp.conf; done");
        Run(ExitCode.InOrder, "sync", "pc03", "pc06");
        Run(ExitCode.InOrder, "diff", "pc03", "ntp.conf");
    }

    private void Drift()
    {
        Chapter("Drift", "A program on a client writes to /etc, as programs do. The controller would commit this by itself once the files are quiet.");
        Shell("echo 'daemon: last start ok' >srv/etc-pc05/daemon.state; chmod 600 srv/etc-pc05/motd");
        Run(ExitCode.InOrder, "status", "pc05");
        Run(ExitCode.InOrder, "sync", "pc05");
        Run(ExitCode.InOrder, "log", "pc05");
    }

    private void Merge(DemoUpstream upstream)
    {
        Chapter("A merge by meaning", "Both sides add a host at the same place, and change parameters that are neighbours. By lines, both files would be conflicts.");
        Shell("echo '10.23.0.9 printer' >>srv/etc-pc04/hosts; sed -i 's/swappiness = 10/swappiness = 60/' srv/etc-pc04/sysctl.d/60-cluster.conf");
        Commit(upstream, "echo '10.23.0.8 scanner' >>hosts; sed -i 's/somaxconn = 1024/somaxconn = 4096/' sysctl.d/60-cluster.conf", "a scanner, longer queues");
        Run(ExitCode.InOrder, "sync");
        Shell("tail -n 2 srv/etc-pc04/hosts; head -n 2 srv/etc-pc04/sysctl.d/60-cluster.conf");
    }

    private void Conflict(DemoUpstream upstream)
    {
        Chapter("A conflict", "Upstream changes the line that pc03 and pc06 have overridden, and two other files.");
        Commit(upstream, "sed -i 's/^server 0.*/server ntp.example.org iburst/' ntp.conf; echo 'Maintenance is over.' >motd; echo 'vm.dirty_ratio = 20' >>sysctl.d/60-cluster.conf", "another time server");
        Say("Both keep their version of that one file, and take everything else: their programs are as new as everybody's. No markers land in a live file.",
            "The exit code 2 says that a person is needed.");
        Run(ExitCode.PersonNeeded, "sync");
        Run(ExitCode.PersonNeeded, "conflicts");
        Say("The lab's layer changes the message of the day too, and disagrees with upstream about it. That is told once, not per client.");
        Run(ExitCode.PersonNeeded, "layer", "show", "lab");
    }

    private void Settle()
    {
        Chapter("Settle it once", "One answer is for everybody who has this dispute now, or comes with it later. It is kept, and can be taken back.");
        Run(ExitCode.InOrder, "resolve", Dispute("ntp.conf"), "--take", "upstream");
        Run(ExitCode.InOrder, "resolutions", "list");
        Say("'explain' says where each line of a file comes from.");
        Run(ExitCode.InOrder, "explain", "pc03", "ntp.conf");
    }

    // The id by which 'conflicts' calls the dispute about a path.
    private string Dispute(string path)
    {
        using var answer = new StringWriter();
        Application.Run(["--root", _root, "conflicts", "--json"], _session.Terminal with { Out = answer, Error = TextWriter.Null, ErrorIsTerminal = false, InIsTerminal = false, In = TextReader.Null }, _session.Time);
        using var report = JsonDocument.Parse(answer.ToString());
        return report.RootElement.GetProperty("conflicts").EnumerateArray().First(conflict => conflict.GetProperty("path").GetString() == path).GetProperty("id").GetString()!;
    }

    private void Epilogue()
    {
        Chapter("How everything is now", "");
        Run(ExitCode.PersonNeeded, "status");
        _out.Line($"That took {_session.Time.GetElapsedTime(_start).TotalSeconds:0.0} seconds. The sandbox is yours:", Tint.Strong);
        foreach (var (command, what) in (IEnumerable<(string, string)>)
        [
            ("status", "how the clients are"),
            ("layer edit lab", "settle the lab's dispute, in a shell"),
            ("git pc03 -- log --stat", "git on a client's clone"),
            ("run", "the controller: commit in upstream and watch it roll out (Ctrl-C ends it)"),
        ])
        {
            _out.Line($"  {new Locations(_root).Command(command)}");
            _out.Line($"      {what}", Tint.Faint);
        }

        _out.Line($"  cd {SuggestedCommand.Quote(Upstream)} && editor motd && git commit -am 'try it'");
        _out.Line("      roll something out", Tint.Faint);
        _out.Line($"  rm -r {SuggestedCommand.Quote(_root)}");
        _out.Line("      the end", Tint.Faint);
    }

    private void Chapter(string title, params string[] text)
    {
        _out.Line();
        _out.Line($"{++_chapter}. {title}", Tint.Strong);
        Say(text);
    }

    private void Say(params string[] text)
    {
        foreach (var line in text.Where(line => line.Length > 0)) _out.Line(line, Tint.Faint);
        _out.Line();
    }

    private void Run(int expected, params string[] arguments)
    {
        Run(expected, _session.Terminal.Out, arguments);
        _out.Line();
    }

    private void Run(int expected, TextWriter output, string[] arguments)
    {
        _out.Line($"$ {new Locations(_root).Command(string.Join(' ', arguments.Select(SuggestedCommand.Quote)))}", Tint.Notice);
        string[] all = _out.Color ? ["--root", _root, .. arguments] : ["--root", _root, "--no-color", .. arguments];
        // In one stream, so that everything stays in its order when it is redirected.
        var code = Application.Run(all, _session.Terminal with { Out = output, Error = output, ErrorIsTerminal = _session.Terminal.OutIsTerminal, InIsTerminal = false, In = TextReader.Null }, _session.Time);
        if (code != expected) throw new UserErrorException($"The demonstration stops: '{string.Join(' ', arguments)}' returned {code} and not {expected}. Its sandbox is {_root}.");
    }

    // What the sandbox's owner would type there; the output is shown.
    private void Shell(string command)
    {
        _out.Line($"$ cd {SuggestedCommand.Quote(_root)}; {command}", Tint.Notice);
        var start = new ProcessStartInfo("/bin/sh", ["-euc", command]) { UseShellExecute = false, WorkingDirectory = _root, RedirectStandardOutput = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new IOException("/bin/sh did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (output.Length > 0) _out.Lines(output);
        _out.Line();
        if (process.ExitCode != 0) throw new UserErrorException($"The demonstration stops: a shell command returned {process.ExitCode}. Its sandbox is {_root}.");
    }

    private void Commit(DemoUpstream upstream, string command, string message)
    {
        _out.Line($"$ cd {SuggestedCommand.Quote(Upstream)}; {command}", Tint.Notice);
        _out.Line($"$ git add -A; git commit -m {SuggestedCommand.Quote(message)}", Tint.Notice);
        _out.Line();
        upstream.Change(command, message);
    }
}
