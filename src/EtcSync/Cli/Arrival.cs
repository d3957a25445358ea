using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;
using EtcSync.Fleet;

namespace EtcSync.Cli;

/// <summary>
/// Makes machines of the inventory bootable: first the clone, then everything that names it, export before address. A client that
/// boots in between finds nothing to boot rather than half of it.
/// </summary>
internal sealed class Arrival(Session session)
{
    private const int MostTold = 3;

    /// <summary>Makes the clones of clients, and has the server serve them.</summary>
    /// <returns>The exit code.</returns>
    public int Run(ImmutableArray<Client> clients, CancellationToken cancellation)
    {
        var code = clients.IsEmpty ? ExitCode.InOrder : MakeClones(clients, cancellation);
        var (plan, served) = ServerTurn.Run(session, cancellation);
        if (clients.Length > MostTold) session.Out.Line($"'{session.Next("server show")}' shows what they get.");
        else foreach (var client in clients) Tell(client, plan);
        return ExitCode.Worse(code, served);
    }

    private int MakeClones(ImmutableArray<Client> clients, CancellationToken cancellation)
    {
        var target = new FleetObserver(session.Workspace).Take(clients, acceptRewrite: false, cancellation);
        if (target.Problem is { } problem) session.Error.Line("upstream: ", Tint.Bad, problem);
        var outcomes = SyncReport.Run(session, clients, target, SyncRequest.Now, cancellation);
        SyncReport.Print(session, outcomes, target);
        foreach (var outcome in outcomes.Where(outcome => !HasClone(outcome.Client)))
            session.Error.Line($"{outcome.Client} is in the inventory and has no clone, so nothing is served to it yet. When that is mended, '{session.Next($"sync {outcome.Client}")}' makes it.", Tint.Notice);
        return outcomes.Select(SyncReport.CodeOf).Aggregate(ExitCode.InOrder, ExitCode.Worse);
    }

    private bool HasClone(ClientName client) => ClientRepository.Exists(session.Workspace.State.GitDirectory(client)) && Directory.Exists(session.Workspace.CloneOf(client));

    // What the machine will get, word for word.
    private void Tell(Client client, ServerPlan plan)
    {
        if (!HasClone(client.Name)) return;
        var directory = session.Workspace.Settings.Clones.PathOf(client.Name);
        session.Out.Line($"The machine with {(client.Macs.Length == 1 ? "the card " : "the cards ")}{string.Join(", ", client.Macs)} gets:", Tint.Strong);
        session.Out.Line($"  the name {client.Name}, {(client.Addresses.IsEmpty ? "the address that DHCP gives it (only a fixed one can be exported to: 'client set --ip')" : $"the address {string.Join(" and ", client.Addresses)}")}, and {directory} as its /etc");
        foreach (var file in plan.Files.Where(file => file.Content is not GeneratedContent.Link))
        {
            var isItsOwn = client.Macs.Any(mac => file.Path.EndsWith(mac.ToString().Replace(':', '-'), StringComparison.Ordinal));
            foreach (var line in file.Content.Words.Split('\n').Where(line => line.Length > 0 && line[0] != '#' && (isItsOwn || Names(line, client, directory)))) session.Out.Line($"  {file.Path}: ", Tint.Faint, line.Trim().Replace('\t', ' '));
        }
    }

    private static bool Names(string line, Client client, string directory) =>
        client.Macs.Any(mac => Holds(line, mac.ToString())) || Holds(line, directory) || Holds(line, client.Name.Value);

    // As a word of its own: pc1 is not in pc10.
    private static bool Holds(string line, string word)
    {
        for (var at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsPart(line[at - 1])) && (at + word.Length == line.Length || !IsPart(line[at + word.Length]))) return true;
        }

        return false;

        static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '/';
    }
}
