using System.CommandLine;
using System.Text;
using EtcSync.FileSystem;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync resolutions export': everything about answers, for another server.</summary>
internal static class ResolutionsExportCommand
{
    private const int OwnerOnly = 0x180; // 0600

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var ids = new Argument<string[]>("ID") { Description = "The disputes' ids; all of them where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "Write to this file, which only its owner can read, and not to standard output.", HelpName = "FILE" };
        var command = new Command("export", "Write answers with all they hold, secrets included, as 'resolutions import' reads them.") { ids, output };
        host.Handle(command, (session, parse, _) => Run(session, parse.GetValue(ids) ?? [], parse.GetValue(output)));
        return command;
    }

    private static int Run(Session session, string[] ids, string? output)
    {
        var kept = ResolutionsCommand.Load(session);
        var chosen = ids.Length == 0 ? [.. kept.Set.All] : ids.SelectMany(id => ResolutionsCommand.Find(session, kept, id)).Distinct().ToList();
        if (output is null && session.Terminal.OutIsTerminal && chosen.Exists(resolution => ResolutionsCommand.IsSecret(session.Workspace, resolution.Key)))
        {
            throw new UserErrorException("Some of it is secret, and this is a terminal: name a file with '--output', or send it to a program.");
        }

        var written = ResolutionExchange.Write(chosen.Select(resolution => new NewResolution(resolution, session.Workspace.Resolutions.Contents(resolution.Key))));
        if (output is null)
        {
            session.Out.Raw(Encoding.UTF8.GetString(written));
            return ExitCode.InOrder;
        }

        SecureDirectory.WriteFile(Path.GetFullPath(output), written, OwnerOnly);
        session.Out.Line($"{Words.Count(chosen.Count, "resolution")} written to {output}, which only its owner can read.");
        return ExitCode.InOrder;
    }
}
