using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync resolutions import': answers from another server.</summary>
internal static class ResolutionsImportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "What 'resolutions export' wrote." };
        var command = new Command("import", "Keep answers that were exported; what is settled here already stays as it is.") { file, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(file), cancellation));
        return command;
    }

    private static int Run(Session session, string file, CancellationToken cancellation)
    {
        session.Workspace.State.Prepare();
        if (!File.Exists(file)) throw new UserErrorException($"There is no file {file}.");
        var read = Read(file);
        var seen = ResolutionsCommand.Load(session);
        var here = read.ToLookup(one => seen.Set.All.Any(standing => standing.Key == one.Resolution.Key));
        var (standing, made) = (here[true].ToList(), here[false].ToList());
        if (made.Count > 0 && session.Workspace.Resolutions.Keep(seen, made, session.Author(), cancellation) is KeepOutcome.Overtaken { Standing: var other })
        {
            throw new UserErrorException($"{Printable.Of(other.By)} has settled {Printable.Of(other.Key.Name)} in the meantime; nothing was taken over. Run it again.");
        }

        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, [.. made.Select(Id)], [.. standing.Select(Id)]), CliJson.Shapes.ImportJson);
            return ExitCode.InOrder;
        }

        session.Out.Line($"{Words.Count(made.Count, "resolution")} taken over.{(standing.Count == 0 ? "" : $" {Words.Count(standing.Count, "dispute")} had been settled here already: {string.Join(", ", standing.Select(Id).Distinct(StringComparer.Ordinal))}.")}");
        return ExitCode.InOrder;
    }

    private static IReadOnlyList<NewResolution> Read(string file)
    {
        try
        {
            return ResolutionExchange.Read(File.ReadAllBytes(file));
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException($"{file} is nothing that 'etcsync resolutions export' wrote: {e.Message}. Nothing was taken over.");
        }
    }

    private static string Id(NewResolution one) => one.Resolution.Key.Id;
}
