using System.CommandLine;
using System.Text;
using EtcSync.Boot;
using EtcSync.Cli.Json;
using EtcSync.Core.Boot;
using EtcSync.Core.Server;
using EtcSync.Core.Text;
using EtcSync.Server;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync boot': what clients boot, and what their initial file system needs.</summary>
internal static class BootCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var show = new Command("show", "Show which kernel, images and arguments clients boot, who boots otherwise, and what keeps them from it.") { host.Options.Json };
        host.Handle(show, (session, _, _) => Show(session));
        var apply = new Option<bool>("--apply") { Description = "Make the change, and build the initial file systems anew." };
        var install = new Command("install", "Show what the shared root needs for its initial file systems to mount each client's own /etc.") { apply };
        host.Handle(install, (session, parse, cancellation) => parse.GetValue(apply) ? Apply(session, cancellation) : Plan(session));
        return new Command("boot", "What clients boot: kernel, initial file system, boot loader.") { show, install };
    }

    private static int Show(Session session)
    {
        var observation = ServerObserver.Observe(session.Workspace);
        var (settings, boot) = (observation.Settings, observation.Boot);
        var findings = new BootFiles().Check(observation).AddRange(HooksOf(session));
        var usual = ClientBoot.Of(settings, boot);
        var others = session.Workspace.Configuration.Inventory.Clients
            .Select(client => (client.Name, Boot: ClientBoot.Of(settings, boot, client)))
            .Where(pair => pair.Boot is not null && !pair.Boot.Equals(usual))
            .GroupBy(pair => pair.Boot!, pair => pair.Name.Value)
            .Select(group => Entry(boot, group.Key, [.. group]))
            .ToList();
        var loaders = BootLoaders.Find(boot).Select(loader => new BootLoaderJson(Word(loader.Architecture), loader.File)).ToList();
        var report = new BootShowJson(CliJson.Version, boot.Path, usual is null ? null : Entry(boot, usual, []), others, loaders, boot.Modules, [.. findings.Select(ServerReport.Json)]);
        if (session.IsJson) session.Out.Json(report, CliJson.Shapes.BootShowJson);
        else Print(session, report, findings);
        return ServerReport.CodeOf(findings);
    }

    private static ServerFinding[] HooksOf(Session session)
    {
        var root = session.Workspace.Settings.Root;
        try
        {
            return BootInstallation.Plan(session.Workspace).Judge(root) is { } finding ? [finding] : [];
        }
        catch (IOException e)
        {
            return [new(ServerPart.Boot, FindingLevel.Warning, e.Message, root)];
        }
    }

    private static void Print(Session session, BootShowJson report, IEnumerable<ServerFinding> findings)
    {
        session.Out.Line($"{report.Directory}: ", Tint.Strong, report.Loaders.Count == 0 ? "no boot loader" : string.Join(", ", report.Loaders.Select(loader => $"{loader.File} ({loader.Architecture})")));
        if (report.Default is { } usual) Print(session, "All clients", usual, report.Others.Count == 0 ? "" : " but those below");
        foreach (var other in report.Others) Print(session, string.Join(", ", other.Clients), other, "");
        if (report.Modules.Count > 0) session.Out.Line($"Modules of the shared root: {string.Join(", ", report.Modules)}");
        ServerReport.Findings(session.Out, findings);
    }

    private static void Print(Session session, string who, BootEntryJson entry, string but)
    {
        session.Out.Line($"{who}{but} boot:", Tint.Strong);
        session.Out.Line($"  kernel     {entry.Kernel}{(entry.KernelVersion is { } version && !entry.Kernel.EndsWith(version, StringComparison.Ordinal) ? $" ({version})" : "")}");
        session.Out.Line($"  images     {string.Join(", ", entry.Images)}");
        session.Out.Line($"  arguments  {entry.Arguments}");
    }

    private static int Plan(Session session)
    {
        var plan = BootInstallation.Plan(session.Workspace);
        Changes(session, plan);
        foreach (var problem in plan.Problems) session.Error.Line("problem: ", Tint.Bad, problem);
        if (plan.Changes.IsEmpty && plan.Problems.IsEmpty) session.Out.Line("The shared root has what its initial file systems need.", Tint.Good);
        else if (plan.Problems.IsEmpty) session.Out.Line($"'{session.Next("boot install --apply")}' does this{(session.Workspace.Settings.Exports.BootBuilder is null && plan.Builder is { } builder ? $", and runs '{string.Join(' ', InitramfsBuild.CommandOf(builder))}' in the shared root" : "")}.");
        return plan.Problems.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    private static int Apply(Session session, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var plan = BootInstallation.Plan(workspace);
        if (plan.Builder is not { } builder || !plan.Problems.IsEmpty) throw new UserErrorException($"Nothing was changed.\n{string.Join('\n', plan.Problems)}");
        if (plan.Changes.IsEmpty)
        {
            session.Out.Line("The shared root has what its initial file systems need. Nothing was changed.", Tint.Good);
            return ExitCode.InOrder;
        }

        Changes(session, plan);
        var command = string.Join(' ', InitramfsBuild.CommandOf(builder));
        var installer = new BootInstaller(workspace, line => Progress(session, line));
        if (workspace.Settings.Exports.BootBuilder is { } client)
        {
            installer.Write(plan);
            session.Out.Line($"The files are written. {client} builds the images ('exports.boot-builder'): say '{command}' there once {(plan.ChangesUpstream ? "it has the new configuration" : "you like")}.", Tint.Good);
        }
        else
        {
            session.Out.Line($"Building the initial file systems ('{command}'). This takes a minute or so …");
            var built = installer.WriteAndBuild(plan, builder, cancellation);
            session.Out.Line($"Built {string.Join(", ", built)}. {(plan.Images.IsEmpty ? "" : $"The images of before are kept with the ending {BootInstaller.OldEnding}. ")}Clients take the new ones when they boot next.", Tint.Good);
        }

        if (plan.ChangesUpstream) session.Out.Line($"A file in {workspace.Settings.Upstream.Directory} has changed and is not committed. 'chroot {workspace.Settings.Root} etckeeper commit \"initial file systems mount the own /etc\"' commits it, and it is rolled out as any change.");
        return ExitCode.InOrder;
    }

    private static void Changes(Session session, BootInstallation plan)
    {
        foreach (var change in plan.Changes)
        {
            session.Out.Line($"{session.Workspace.Settings.Root}/{change.Path}: ", Tint.Strong, change.Before is null ? "is new" : "changes");
            if (change.Before is null) continue;
            session.Out.Difference(UnifiedDiff.Of(Text(change.Before), Text(change.After)));
        }
    }

    private static void Progress(Session session, string line)
    {
        if (session.IsVerbose) session.Error.Line(line, Tint.Faint);
    }

    private static BootEntryJson Entry(BootDirectory boot, ClientBoot what, IReadOnlyList<string> clients) =>
        new(clients, what.Image.Kernel, BootImages.VersionOf(boot, what.Image.Kernel), [.. what.Image.Images], what.Arguments);

    private static string Word(ClientArchitecture architecture) => architecture switch
    {
        ClientArchitecture.Bios => "bios",
        ClientArchitecture.Efi32 => "efi32",
        _ => "efi64",
    };

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
