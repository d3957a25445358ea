namespace EtcSync.Cli.Json;

/// <summary>The layers, from 'etcsync layer list'.</summary>
internal sealed record LayerListJson(int Version, IReadOnlyList<LayerJson> Layers);

/// <summary>One layer; tip and base are null for a group that has clients and no layer yet.</summary>
internal sealed record LayerJson(
    string Group, string? Tip, string? Base, int Commits, IReadOnlyList<string> Clients, IReadOnlyList<string> Paths, IReadOnlyList<string> Attributes,
    IReadOnlyList<ConflictJson> Conflicts, bool Editing);

/// <summary>What a layer changes, from 'etcsync layer show'.</summary>
internal sealed record LayerShowJson(
    int Version, string Group, string Tip, string? Base, IReadOnlyList<LayerPathJson> Paths, IReadOnlyList<string> Attributes, IReadOnlyList<ConflictJson> Conflicts, string Diff);

/// <summary>A path that a layer changes: added, changed or deleted. The diff leaves secret ones out.</summary>
internal sealed record LayerPathJson(string Path, string Change, bool Secret);

/// <summary>The commits of a layer, from 'etcsync layer log', newest first.</summary>
internal sealed record LayerLogJson(int Version, string Group, IReadOnlyList<LayerCommitJson> Commits);

/// <summary>A commit of a layer.</summary>
internal sealed record LayerCommitJson(string Id, string Author, string When, string Subject, string? Upstream);

/// <summary>The merge of three trees, from 'etcsync merge-tree'.</summary>
internal sealed record MergeTreeJson(int Version, string Tree, bool Clean, IReadOnlyList<ConflictJson> Conflicts, IReadOnlyList<DecisionJson> Decisions, string? Held);
