using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Configuration;
using EtcSync.Core.Doctor;
using EtcSync.Doctor;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync doctor': whether everything works, in the order in which a client boots.</summary>
internal static class DoctorCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        var acknowledge = new Option<string>("--acknowledge") { Description = "Accept something that cannot be put right, or is meant, so that it no longer counts.", HelpName = "ID" };
        var revoke = new Option<string>("--revoke") { Description = "Take such a word back.", HelpName = "ID" };
        acknowledge.CompletionSources.Add(_ => Exposure.Ids);
        revoke.CompletionSources.Add(_ => Exposure.Ids);
        var command = new Command("doctor", "Check what a person would check, in the order in which a client boots: where it stopped, and what to do.") { clients, acknowledge, revoke, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => RunAsync(session, parse.GetValue(clients) ?? [], parse.GetValue(acknowledge), parse.GetValue(revoke), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string[] names, string? acknowledge, string? revoke, CancellationToken cancellation)
    {
        session.RequireRights();
        if (acknowledge is not null || revoke is not null)
        {
            if (names.Length > 0 || (acknowledge is not null && revoke is not null)) throw new UserErrorException("--acknowledge and --revoke are said alone, one thing at a time, and not of a client.");
            return acknowledge is not null ? Acknowledge(session, acknowledge) : Revoke(session, revoke!);
        }

        var diagnosis = await DiagnoseAsync(session, names, cancellation);
        if (session.IsJson) session.Out.Json(DoctorReport.Json(session, diagnosis), CliJson.Shapes.DoctorJson);
        else DoctorReport.Print(session, diagnosis);
        return diagnosis.NeedsPerson ? ExitCode.PersonNeeded : ExitCode.InOrder;
    }

    private static async Task<Diagnosis> DiagnoseAsync(Session session, string[] names, CancellationToken cancellation)
    {
        try
        {
            _ = session.Workspace;
        }
        catch (UserErrorException e)
        {
            // That it is valid is the first thing a person would check, and without it nothing else can be.
            return Diagnosis.OfInvalid(e.Message);
        }

        return Diagnosis.Of(await new DoctorObserver(session.Workspace).ObserveAsync(session.Select(names), cancellation));
    }

    private static int Acknowledge(Session session, string id)
    {
        if (!Exposure.Ids.Contains(id))
        {
            var near = Suggestion.For(id, Exposure.Ids) is { } word ? $" Did you mean '{word}'?" : "";
            throw new UserErrorException($"Nothing that can be acknowledged is called {Quoted.Text(id)}.{near} There are: {string.Join(", ", Exposure.Ids)}. Everything else is put right instead.");
        }

        var acknowledgement = new Acknowledgement(session.Terminal.User, session.Time.GetUtcNow());
        new AcknowledgementStore(session.Workspace.State).Add(id, acknowledgement);
        session.Out.Line($"{id} is known and accepted. It no longer counts; '{session.Next($"doctor --revoke {id}")}' takes that back.", Tint.Good);
        return ExitCode.InOrder;
    }

    private static int Revoke(Session session, string id)
    {
        if (!new AcknowledgementStore(session.Workspace.State).Remove(id)) throw new UserErrorException($"Nobody has acknowledged {Quoted.Text(id)}.");
        session.Out.Line($"{id} counts again.");
        return ExitCode.InOrder;
    }
}
