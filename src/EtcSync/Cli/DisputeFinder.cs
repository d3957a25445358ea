using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Merging;
using EtcSync.Core.Resolutions;

namespace EtcSync.Cli;

/// <summary>Finds the dispute that a person names, among those that the fleet has now.</summary>
internal static class DisputeFinder
{
    private const int MostNamed = 4;

    /// <summary>The dispute whose id begins with these digits.</summary>
    /// <exception cref="UserErrorException">There is none, or several; the message says what there is instead.</exception>
    public static DisputeView Find(Session session, FleetView view, string id)
    {
        if (!IsId(id)) throw new UserErrorException($"{Quoted.Text(id)} is no id of a dispute: those are hexadecimal digits, of which 4 are enough where they are not ambiguous. '{session.Next("conflicts")}' shows them.");
        var all = DisputeView.Of(view.Previews);
        var found = all.Where(one => one.Key.IsCalled(id)).ToList();
        if (found.Count == 0) throw new UserErrorException(Unknown(session, view, id, all));
        if (found.Select(one => one.Key).Distinct().Count() > 1) throw new UserErrorException($"{Quoted.Text(id)} is ambiguous: {Words.Some([.. found.Select(one => $"{one.Key.Id} is {Printable.Of(one.Key.Name)} on {Words.Some([.. one.Names], MostNamed)}")], MostNamed)}.");
        // Where the same is held with another path on some clients, the answer counts as soon as it is asked for there.
        var settleable = found.Where(one => one.Conflict.IsSettleable).ToList();
        if (settleable.Count == 0) return found[0];
        return settleable[0] with { Previews = [.. settleable.SelectMany(one => one.Previews).OrderBy(preview => preview.Client.Name)] };
    }

    /// <summary>Whether these can be the digits of an id.</summary>
    public static bool IsId(string id) => id.Length is >= 4 and <= 40 && id.All(char.IsAsciiHexDigit);

    private static string Unknown(Session session, FleetView view, string id, ImmutableArray<DisputeView> all)
    {
        if (view.Target.Conflicts.FirstOrDefault(conflict => conflict.Conflict.Keys.Any(key => key.IsCalled(id))) is { } layer)
        {
            return $"{Printable.Of(layer.Conflict.Path.Value)} is in dispute between the layer group/{layer.Group} and what is below it. That is settled in the layer: '{session.Next($"layer edit {layer.Group}")}'.";
        }

        if (view.Target.Resolutions.Find(id) is [var kept, ..])
        {
            return $"{Printable.Of(kept.Key.Name)} is settled already: {Settlement.Describe(kept.Answer)}, by {Printable.Of(kept.By)} on {kept.When:yyyy-MM-dd}. '{session.Next($"resolutions show {kept.Key.Id}")}' shows it, and '{session.Next($"resolutions revoke {kept.Key.Id}")}' takes it back for the future.";
        }

        var unseen = view.Previews.Where(preview => preview is { Plan: null, IsNew: false }).Select(preview => preview.Client.Name.Value).ToList();
        var blind = unseen.Count == 0 ? "" : $" {Words.Some(unseen, MostNamed)} could not be looked at, and may have it.";
        var near = Suggestion.For(id, [.. all.Select(one => one.Key.Id)]) is { } word ? $"Did you mean {word}?"
            : all.IsEmpty ? "There are no conflicts." : $"'{session.Next("conflicts")}' shows them all.";
        return $"No client has a dispute {Quoted.Text(id)} now.{blind} {near}";
    }
}
