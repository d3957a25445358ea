using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Configuration;
using EtcSync.Core.Mergers;
using EtcSync.Core.Resolutions;
using EtcSync.Fleet;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync resolutions': the answers that are kept.</summary>
internal static class ResolutionsCommand
{
    private const int MostNamed = 4;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host) => new("resolutions", "Show, take back, and carry to another server the answers to conflicts that are kept.")
    {
        ResolutionsListCommand.Create(host),
        ResolutionsShowCommand.Create(host),
        ResolutionsRevokeCommand.Create(host),
        ResolutionsExportCommand.Create(host),
        ResolutionsImportCommand.Create(host),
    };

    /// <summary>The argument that names a dispute.</summary>
    public static Argument<string> Id() => new("ID") { Description = "The dispute's id; its first digits are enough." };

    /// <summary>What is kept, and what is wrong with it on standard error.</summary>
    public static KeptResolutions Load(Session session)
    {
        session.Workspace.State.Check();
        var kept = session.Workspace.Resolutions.Load();
        foreach (var problem in kept.Problems) session.Error.Line("resolutions: ", Tint.Bad, session.Locations.Pasteable(problem));
        return kept;
    }

    /// <summary>The resolutions of the one dispute whose id begins with these digits.</summary>
    /// <exception cref="UserErrorException">There is none, or several.</exception>
    public static ImmutableArray<Resolution> Find(Session session, KeptResolutions kept, string id)
    {
        var found = kept.Find(id);
        if (found.IsEmpty)
        {
            var near = Suggestion.For(id, [.. kept.Set.All.Select(resolution => resolution.Key.Id).Distinct(StringComparer.Ordinal)]) is { } word ? $"Did you mean {word}?"
                : kept.Set.All.Any() ? $"'{session.Next("resolutions list")}' shows them all." : "Nothing has been settled yet.";
            throw new UserErrorException($"There is no resolution {Quoted.Text(id)}. {near}");
        }

        var keys = found.Select(resolution => resolution.Key).Distinct().ToList();
        return keys.Count == 1 ? found : throw new UserErrorException($"{Quoted.Text(id)} is ambiguous: {Words.Some([.. keys.Select(key => $"{key.Id} is {key.Name}")], MostNamed)}.");
    }

    /// <summary>Whether a path is secret for any client, or for those who are in no group.</summary>
    public static bool IsSecret(Workspace workspace, DisputeKey key) => workspace.Configuration.Inventory.Clients.Select(client => client.Context).Append(new(null, []))
        .Any(context => workspace.Configuration.Policies.PathsOf(context).ForPath(key.Path.Value).Secret);

    /// <summary>For whom a resolution is.</summary>
    public static string Recipients(Resolution resolution) => resolution.IsForEverybody ? "everybody" : Words.Some([.. resolution.Clients.Select(client => client.Value)], MostNamed);

    /// <summary>A resolution as JSON; new content only where it may be shown.</summary>
    public static ResolutionJson Json(Workspace workspace, Resolution resolution, ResolutionUses uses) => new(
        resolution.Key.Id, resolution.Key.Path.Value, resolution.Key.Record, Words.Of(resolution.Answer),
        resolution.Answer is DisputeAnswer.Replace { Content: var content } && !IsSecret(workspace, resolution.Key) ? FileText.Of(content) : null,
        [.. resolution.Clients.Select(client => client.Value)], resolution.By, resolution.When, uses.Of(resolution));
}
