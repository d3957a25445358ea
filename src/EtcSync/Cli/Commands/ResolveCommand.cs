using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Resolutions;
using EtcSync.Fleet;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync resolve': settles a dispute, for everybody who has it or will have it, or for some.</summary>
internal static class ResolveCommand
{
    private const int MostNamed = 5;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var id = new Argument<string>("ID") { Description = "The dispute, as 'etcsync conflicts' names it; its first digits are enough." };
        var take = new Option<string?>("--take") { Description = "Take upstream's version of what is in dispute, the client's, or the one before both changes (base).", HelpName = "upstream|client|base" };
        take.CompletionSources.Add("upstream", "client", "base");
        take.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("upstream" or "client" or "base") and var other }]) result.AddError($"'--take' is upstream, client or base, and not {Quoted.Text(other)}.");
        });
        var file = new Option<string?>("--file") { Description = "Take the content of this file: the record's lines, or the whole file where the dispute is about the file.", HelpName = "FILE" };
        var edit = new Option<bool>("--edit") { Description = "Open an editor on both sides, marked, and take what is made of them." };
        var client = host.ClientOption("Settle it for this client alone; may be given several times. Otherwise for everybody who has the same dispute, now or later.");
        var later = new Option<bool>("--later") { Description = "Only keep the answer; the next sync applies it." };
        var command = new Command("resolve", "Settle a conflict, once for all clients that have it or will have it.") { id, take, file, edit, client, later, host.Options.Json };
        command.Validators.Add(result =>
        {
            var given = new[] { result.GetResult(take) is not null, result.GetResult(file) is not null, result.GetValue(edit) }.Count(one => one);
            if (given != 1) result.AddError("Say how it is settled, in one way: --take upstream, --take client, --take base, --file FILE or --edit.");
        });
        host.Handle(command, (session, parse, cancellation) => Run(
            session, parse.GetRequiredValue(id), new(ResolutionFiles.SideOf(parse.GetValue(take)), parse.GetValue(file), parse.GetValue(edit)), parse.GetValue(client) ?? [], parse.GetValue(later), cancellation));
        return command;
    }

    private static int Run(Session session, string id, AnswerRequest request, string[] names, bool later, CancellationToken cancellation)
    {
        ImmutableArray<ClientName> named = names.Length == 0 ? [] : [.. session.Select(names).Select(client => client.Name)];
        session.Workspace.State.Prepare();
        var view = FleetView.Of(session, [], cancellation);
        var dispute = DisputeFinder.Find(session, view, id);
        if (!dispute.Conflict.IsSettleable)
        {
            session.Error.Line($"{dispute.Key.Name} cannot be settled by an answer. ", Tint.Bad, $"{dispute.Reason} {Remedy.Of(session, dispute).Sentence}");
            return ExitCode.PersonNeeded;
        }

        var affected = Affected(session, dispute, named);
        var reader = new AnswerReader(session, dispute, view.Target.Pending);
        var resolution = Resolution(session, dispute.Key, reader.Read(request), named);
        if (AnswerCheck.Refusal(session.Workspace, view.Target, affected, resolution, cancellation) is { } refusal) throw new UserErrorException($"Nothing was settled. {refusal}");
        var commit = Keep(session, view, new(resolution, reader.Contents), cancellation);
        Tell(session, resolution, affected, reader.Removes(resolution.Answer));
        var outcomes = later ? [] : Apply(session, affected, cancellation);
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, resolution.Key.Id, resolution.Key.Path.Value, resolution.Key.Record, Words.Of(resolution.Answer), [.. named.Select(name => name.Value)],
                [.. affected.Select(preview => preview.Client.Name.Value)], commit.ToString(), [.. outcomes.Select(SyncReport.Json)]), CliJson.Shapes.ResolveJson);
        }
        else if (later)
        {
            session.Out.Line($"'{session.Next($"sync {Words.Some([.. affected.Select(preview => preview.Client.Name.Value)], int.MaxValue).Replace(",", "", StringComparison.Ordinal)}")}' applies it; a controller that runs does so by itself.", Tint.Faint);
        }

        return outcomes.Select(SyncReport.CodeOf).Aggregate(ExitCode.InOrder, ExitCode.Worse);
    }

    private static ImmutableArray<ClientPreview> Affected(Session session, DisputeView dispute, ImmutableArray<ClientName> named)
    {
        if (named.IsEmpty) return dispute.Previews;
        var without = named.Where(name => !dispute.Clients.Any(client => client.Name == name)).Select(name => name.Value).ToList();
        if (without.Count == named.Length) throw new UserErrorException($"{Words.Some(without, MostNamed)} {(without.Count == 1 ? "does" : "do")} not have this dispute; {Words.Some([.. dispute.Names], MostNamed)} {(dispute.Previews.Length == 1 ? "does" : "do")}.");
        if (without.Count > 0) session.Error.Line("note: ", Tint.Notice, $"{Words.Some(without, MostNamed)} {(without.Count == 1 ? "does" : "do")} not have this dispute now; the answer waits there until they have.");
        return [.. dispute.Previews.Where(preview => named.Contains(preview.Client.Name))];
    }

    private static Resolution Resolution(Session session, DisputeKey key, DisputeAnswer answer, ImmutableArray<ClientName> clients)
    {
        var now = session.Time.GetLocalNow();
        return new(key, answer, [.. clients.Order()], session.Terminal.User, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
    }

    private static ObjectId Keep(Session session, FleetView view, NewResolution made, CancellationToken cancellation) =>
        session.Workspace.Resolutions.Keep(view.Target.Resolutions, [made], session.Author(), cancellation) switch
        {
            KeepOutcome.Kept kept => kept.Commit,
            KeepOutcome.Overtaken { Standing: var standing } => throw new UserErrorException(
                $"{Printable.Of(standing.By)} has settled {Printable.Of(standing.Key.Name)} in the meantime: {Settlement.Describe(standing.Answer)}. That stands. '{session.Next($"resolutions revoke {standing.Key.Id}")}' takes it back."),
            _ => throw new InvalidOperationException("Keeping has an unknown outcome."),
        };

    private static void Tell(Session session, Resolution resolution, ImmutableArray<ClientPreview> affected, bool removes)
    {
        var names = Words.Some([.. affected.Select(preview => preview.Client.Name.Value)], MostNamed);
        var output = session.IsJson ? session.Error : session.Out;
        output.Line($"{resolution.Key.Name} is settled", Tint.Good, $": {Settlement.Describe(resolution.Answer)}, for {(resolution.IsForEverybody ? $"everybody who has this dispute ({names})" : string.Join(", ", resolution.Clients))}.");
        if (removes) output.Line("That version does not exist: ", Tint.Notice, $"{resolution.Key.Name} is removed.");
    }

    private static ImmutableArray<ClientOutcome> Apply(Session session, ImmutableArray<ClientPreview> affected, CancellationToken cancellation)
    {
        ImmutableArray<Client> clients = [.. affected.Select(preview => preview.Client)];
        var target = new FleetObserver(session.Workspace).Take(clients, acceptRewrite: false, cancellation);
        var outcomes = SyncReport.Run(session, clients, target, SyncRequest.Now, cancellation);
        if (!session.IsJson) SyncReport.Print(session, outcomes, target);
        return outcomes;
    }
}
