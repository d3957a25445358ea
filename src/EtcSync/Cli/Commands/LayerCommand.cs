using System.CommandLine;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Layers;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync layer': what groups of clients have beyond upstream.</summary>
internal static class LayerCommand
{
    private const string Prefix = "group/";

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host) => new("layer", "Show and change what groups of clients have beyond upstream.")
    {
        LayerListCommand.Create(host),
        LayerShowCommand.Create(host),
        LayerEditCommand.Create(host),
        LayerLogCommand.Create(host),
        LayerRemoveCommand.Create(host),
    };

    /// <summary>The argument that names a layer.</summary>
    public static Argument<string> Group() => new("GROUP") { Description = "The group, with or without 'group/' before it." };

    /// <summary>The group that an argument names.</summary>
    /// <exception cref="UserErrorException">It is not a group's name.</exception>
    public static GroupName Parse(string text) =>
        GroupName.TryParse(text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text, out var group, out var reason) ? group : throw new UserErrorException(reason);

    /// <summary>The clients of a group, in the inventory's order.</summary>
    public static IReadOnlyList<string> ClientsOf(Workspace workspace, GroupName group) =>
        [.. workspace.Configuration.Inventory.Clients.Where(client => client.Groups.Contains(group)).Select(client => client.Name.Value)];

    /// <summary>Takes upstream's newest commits into the hub and returns the one that is rolled out.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static ObjectId Upstream(Session session, CancellationToken cancellation)
    {
        var target = new FleetObserver(session.Workspace).Take([], acceptRewrite: false, cancellation);
        if (target.Hub.Tip is not { } tip) throw new UserErrorException(target.Problem ?? "Upstream has no commit yet.");
        if (target.Problem is { } problem) session.Error.Line("upstream: ", Tint.Bad, problem);
        return tip;
    }

    /// <summary>Reads a layer.</summary>
    /// <exception cref="UserErrorException">The group has none.</exception>
    public static LayerView Read(Session session, ObjectStore objects, GroupName group, ObjectId upstream)
    {
        var workspace = session.Workspace;
        if (LayerView.Read(workspace, objects, group, upstream) is { } layer) return layer;
        var layers = workspace.Hub.Layers().Keys.ToList();
        var near = Suggestion.For(group.Value, layers) is { } name ? $"Did you mean '{name}'?"
            : layers.Count == 0 ? "No group has one yet." : $"There {(layers.Count == 1 ? "is" : "are")} {string.Join(", ", layers.Select(layer => Prefix + layer))}.";
        throw new UserErrorException($"There is no layer group/{group}. {near} '{session.Next($"layer edit {group}")}' makes it.");
    }
}
