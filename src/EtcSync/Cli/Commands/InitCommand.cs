using System.CommandLine;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Setup;
using EtcSync.Upstream;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync init': finds upstream and the server's address and writes a commented configuration. Starts nothing.</summary>
internal static class InitCommand
{
    // No branch is called so by accident; only what is wrong with the repository itself is asked for with it.
    private const string AnyBranch = "etcsync-init";

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var upstream = new Option<string>("--upstream") { Description = "The etckeeper repository in the shared root.", HelpName = "DIR", DefaultValueFactory = _ => Settings.Default.Upstream.Directory };
        var branch = new Option<string?>("--branch") { Description = "The branch that is rolled out; without one, the one that is checked out.", HelpName = "BRANCH" };
        var address = new Option<string?>("--address") { Description = "The server's address, as clients see it; without one, the likeliest.", HelpName = "ADDRESS" };
        var card = new Option<string?>("--interface") { Description = "The network interface that has it.", HelpName = "NAME" };
        var force = new Option<bool>("--force") { Description = "Write the settings anew although there are some. The old ones are kept as etcsync.yaml.old; inventory and policies are never overwritten." };
        var command = new Command("init", "Find upstream, its branch and the server's address, and write commented configuration files. Nothing is started.") { upstream, branch, address, card, force };
        host.Handle(command, (session, parse, _) =>
            Run(session, parse.GetRequiredValue(upstream), parse.GetValue(branch), parse.GetValue(address), parse.GetValue(card), parse.GetValue(force)));
        return command;
    }

    private static int Run(Session session, string upstream, string? branch, string? address, string? card, bool force)
    {
        session.RequireRights();
        var initialization = new Initialization(session.Locations);
        if (initialization.HasSettings && !force)
        {
            throw new UserErrorException($"{session.Locations.SettingsFile} exists and is left as it is; nothing was written. Edit it, and see with '{session.Next("plan")}' whether it is right; or have it written anew with '{session.Next("init --force")}', which keeps the old one as {Path.GetFileName(initialization.Backup)}.");
        }

        var directory = session.Locations.Unmap(Path.GetFullPath(upstream));
        var found = FindBranch(session, directory, branch);
        var server = Choose(session, address, card, out var others);
        var settings = SettingsTemplate.Render(new(directory, found, server?.Address, server?.Interface, server?.Network));
        var read = Settings.Load(session.Locations.SettingsFile, settings);
        if (!read.IsValid) throw new UserErrorException($"What was found cannot be configured:\n{string.Join('\n', read.Problems)}");

        var files = initialization.Write(settings);
        session.Out.Line("upstream   ", Tint.Strong, $"{session.Locations.Map(directory)}, branch '{found}'");
        session.Out.Line("server     ", Tint.Strong, server is null
            ? "no address found; set server.address and server.interface before clients are to boot"
            : $"{server}{(others.Count > 0 ? $" (there {(others.Count == 1 ? "is" : "are")} also {string.Join(", ", others)})" : "")}");
        session.Out.Line();
        foreach (var file in files) session.Out.Line($"{file.Path}: {file.Outcome}");
        session.Out.Line();
        session.Out.Line("Nothing was started. Next:", Tint.Strong);
        session.Out.Line($"  1. look through {session.Locations.SettingsFile}");
        session.Out.Line($"  2. {session.Next("boot install")}     shows what the shared root needs so that clients mount their own /etc; --apply does it");
        session.Out.Line($"  3. {session.Next("client add pc01 --mac 52:54:00:12:34:56")}");
        session.Out.Line($"  4. {session.Next("server plan")}      shows its exports, addresses, names and boot files");
        session.Out.Line($"  5. {session.Next("server apply")}     writes them, for the first time");
        session.Out.Line($"  6. {session.Next("run")}              keeps everything in step from then on");
        session.Out.Line($"For a cluster that was built by hand, '{session.Next("adopt")}' takes the place of 2 to 5.");
        return ExitCode.InOrder;
    }

    private static string FindBranch(Session session, string directory, string? branch)
    {
        var path = session.Locations.Map(directory);
        var repository = new UpstreamReader(path, AnyBranch).Observe();
        // Without a git directory the repository itself is the problem, not the branch.
        if (repository is { GitDirectory: null, Problem: { } unusable }) throw new UserErrorException(unusable);
        var name = branch ?? UpstreamReader.CurrentBranch(path)
            ?? throw new UserErrorException($"No branch is checked out in {path} (detached HEAD). Say which one is rolled out with --branch, or check it out with 'git -C {path} switch BRANCH'.");
        var observed = new UpstreamReader(path, name).Observe();
        if (observed.Problem is { } problem) throw new UserErrorException(problem);
        foreach (var notice in observed.Notices) session.Error.Line("upstream: ", Tint.Notice, notice.Message);
        return name;
    }

    private static ServerAddress? Choose(Session session, string? address, string? card, out IReadOnlyList<ServerAddress> others)
    {
        IPAddress? wanted = null;
        if (address is not null && !HostAddress.TryParse(address, out wanted, out var reason)) throw new UserErrorException(reason);
        var all = ServerAddresses.Find();
        others = [];
        if (wanted is not null)
        {
            var owner = all.FirstOrDefault(found => found.Address.Equals(wanted));
            if (owner is null) session.Error.Line("note: ", Tint.Notice, $"This machine does not have the address {wanted} now.");
            return card is null && owner is null
                ? throw new UserErrorException($"No interface has the address {wanted}. Say which one will have it with --interface.")
                : new(card ?? owner!.Interface, wanted, owner?.Network);
        }

        if (card is not null)
        {
            return ServerAddresses.Of(card)
                ?? throw new UserErrorException($"The interface {Quoted.Text(card)} has no IPv4 address. There {(all.Count == 0 ? "is none" : $"are: {string.Join(", ", all)}")}. Say the address with --address.");
        }

        others = [.. all.Skip(1)];
        return all.Count > 0 ? all[0] : null;
    }
}
