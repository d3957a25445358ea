using System.CommandLine;
using System.Text;
using EtcSync.Cli.Conflicts;
using EtcSync.Cli.Json;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync conflicts': what waits for a person, and what the person can do.</summary>
internal static class ConflictsCommand
{
    private const string StandardOutput = "-";

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        var html = new Option<string?>("--html") { Description = "Write the report as a page to FILE; '-' is standard output.", HelpName = "FILE" };
        var command = new Command("conflicts", "Show what is in conflict, for whom, and what to do about it.") { clients, html, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetValue(clients) ?? [], parse.GetValue(html), cancellation));
        return command;
    }

    private static int Run(Session session, string[] names, string? page, CancellationToken cancellation)
    {
        if (page is not null && session.IsJson) throw new UserErrorException("--html and --json are two formats; give one of them.");
        if (page is not null && string.IsNullOrWhiteSpace(page)) throw new UserErrorException("'--html' needs the name of a file, or '-' for standard output.");
        var view = FleetView.Of(session, names, cancellation);
        var report = ConflictReport.Of(session, view);
        if (session.IsJson) session.Out.Json(JsonReport.Of(view.Upstream, report), CliJson.Shapes.ConflictsJson);
        else if (page is not null) Write(session, report, page);
        else new TerminalReport(session).Print(report);
        // What cannot be looked at may hide conflicts: silence would be an answer.
        if (!report.Unseen.IsEmpty) return ExitCode.Failed;
        return report.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    private static void Write(Session session, ConflictReport report, string page)
    {
        var html = HtmlReport.Of(report, session.Time.GetLocalNow());
        if (page == StandardOutput)
        {
            session.Out.Raw(html);
            return;
        }

        // Files of /etc are not for everybody, and the report holds pieces of them.
        var file = Path.GetFullPath(page);
        if (Directory.Exists(file)) throw new UserErrorException($"{file} is a directory. Name the file that the page is to be.");
        if (!Directory.Exists(Path.GetDirectoryName(file))) throw new UserErrorException($"There is no directory {Path.GetDirectoryName(file)}, so that the page cannot be written there.");
        var making = $"{file}.{Guid.NewGuid():N}.new";
        try
        {
            using (var stream = new FileStream(making, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                stream.Write(Encoding.UTF8.GetBytes(html));
            }

            File.Move(making, file, overwrite: true);
        }
        finally
        {
            File.Delete(making);
        }

        session.Out.Line(report.IsEmpty ? $"There are no conflicts; {file} says so." : $"{report.Summary}: {file} shows them.");
    }
}
