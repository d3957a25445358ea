using System.CommandLine;
using System.Globalization;
using EtcSync.Cli.Json;
using EtcSync.Core.Configuration;
using EtcSync.Git;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync log': the history of a client's branch.</summary>
internal static class LogCommand
{
    private const int Fields = 5;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var client = host.ClientName();
        var count = new Option<int>("--number", "-n")
        {
            Description = "How many commits at most.",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number >= 1) return number;
                result.AddError($"'--number' is a whole number, at least 1, and not {Quoted.Text(result.Tokens[0].Value)}.");
                return 0;
            },
        };
        var command = new Command("log", "Show the commits of a client's branch: its drift, its identity, and what was merged into it.") { client, count, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(client), parse.GetValue(count), cancellation));
        return command;
    }

    private static int Run(Session session, string name, int count, CancellationToken cancellation)
    {
        using var clone = ClientClone.Open(session, name);
        // What is upstream's own history is not the client's.
        var text = GitProgram.Check(clone.Repository.GitDirectory,
            ["log", "-z", "--no-color", "--no-show-signature", "--encoding=UTF-8", "--first-parent", "--format=%H%n%an%n%ae%n%aI%n%s", "-n", $"{count}", clone.Repository.Head().ToString(), "--not", clone.Merged().Composite.ToString()], cancellation);
        List<CommitJson> commits = [.. text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        if (session.IsJson) session.Out.Json(new(CliJson.Version, name, commits), CliJson.Shapes.LogJson);
        else session.Out.Table(["COMMIT", "DATE", "AUTHOR", "SUBJECT"], [.. commits.Select(Row)]);
        return ExitCode.InOrder;
    }

    private static CommitJson Parse(string record)
    {
        var fields = record.Split('\n', Fields);
        return fields.Length == Fields
            ? new(fields[0], fields[1], fields[2], fields[3], fields[4].TrimEnd('\n'))
            : throw new InvalidDataException($"git printed a log entry that is not understood: {record}");
    }

    private static Cell[] Row(CommitJson commit) =>
    [
        new(commit.Id[..10], Tint.Notice),
        DateTimeOffset.TryParse(commit.Date, CultureInfo.InvariantCulture, out var date) ? date.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : commit.Date,
        commit.Author,
        commit.Subject,
    ];
}
