using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Clients;
using EtcSync.Core.Resolutions;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync resolutions revoke': an answer counts no more.</summary>
internal static class ResolutionsRevokeCommand
{
    private const int ShownDigits = 12;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var id = ResolutionsCommand.Id();
        var client = host.ClientOption("Take back only what was said of this client; may be given several times.");
        var command = new Command("revoke", "Take an answer back: from now on the same dispute is a conflict again.") { id, client, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(id), parse.GetValue(client) ?? [], cancellation));
        return command;
    }

    private static int Run(Session session, string id, string[] names, CancellationToken cancellation)
    {
        session.Workspace.State.Prepare();
        var store = session.Workspace.Resolutions;
        var kept = ResolutionsCommand.Load(session);
        var damaged = names.Length > 0 || !kept.Find(id).IsEmpty || !DisputeFinder.IsId(id) ? [] : store.Damaged().Where(digest => digest.StartsWith(id, StringComparison.OrdinalIgnoreCase)).ToList();
        if (damaged is [var digest])
        {
            store.RemoveDamaged(digest, session.Author(), cancellation);
            Report(session, [], ResolutionUses.Of(session.Workspace, []), [digest], "");
            return ExitCode.InOrder;
        }

        var found = ResolutionsCommand.Find(session, kept, id);
        var revoked = Chosen(session, found, names);
        // Before they go: who used them is told of what was kept.
        var uses = ResolutionUses.Of(session.Workspace, found);
        store.Revoke(revoked, session.Author(), cancellation);
        var general = revoked.Length < found.Length && found.Any(resolution => resolution.IsForEverybody);
        Report(session, revoked, uses, [], general ? "what was said of everybody counts" : "it is a conflict");
        return ExitCode.InOrder;
    }

    private static ImmutableArray<Resolution> Chosen(Session session, ImmutableArray<Resolution> found, string[] names)
    {
        if (names.Length == 0) return found;
        var clients = names.Select(name => ClientName.TryParse(name, out var parsed, out var reason) ? parsed : throw new UserErrorException(reason)).ToList();
        ImmutableArray<Resolution> chosen = [.. found.Where(resolution => !resolution.IsForEverybody)
            .Select(resolution => resolution with { Clients = [.. resolution.Clients.Intersect(clients)] }).Where(resolution => !resolution.Clients.IsEmpty)];
        var without = clients.Except(chosen.SelectMany(resolution => resolution.Clients)).Select(client => client.Value).ToList();
        if (without.Count == 0) return chosen;
        throw new UserErrorException(
            $"Nothing was said of {string.Join(", ", without)} alone about {Printable.Of(found[0].Key.Name)}, so nothing was revoked.{(found.Any(resolution => resolution.IsForEverybody) ? $" What was said of everybody is taken back for everybody: '{session.Next($"resolutions revoke {found[0].Key.Id}")}'." : "")}");
    }

    private static void Report(Session session, ImmutableArray<Resolution> revoked, ResolutionUses uses, IReadOnlyList<string> damaged, string next)
    {
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, [.. revoked.Select(resolution => ResolutionsCommand.Json(session.Workspace, resolution, uses))], damaged), CliJson.Shapes.RevokeJson);
            return;
        }

        foreach (var digest in damaged) session.Out.Line($"What was kept as {digest[..Math.Min(ShownDigits, digest.Length)]} and could not be read was removed.");
        foreach (var resolution in revoked)
        {
            session.Out.Line($"{resolution.Key.Name}: ", Tint.Strong, $"{Settlement.Describe(resolution.Answer)}, for {ResolutionsCommand.Recipients(resolution)}, counts no more.");
            var used = uses.Of(resolution);
            session.Out.Line(used.Count == 0
                ? "  No client had made use of it."
                : $"  {string.Join(", ", used)} had made use of it. Their files stay as they are; where the same dispute comes up again, {next}.");
        }
    }
}
