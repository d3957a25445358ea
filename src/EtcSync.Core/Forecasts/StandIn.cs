using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Forecasts;

/// <summary>
/// A client's tree reduced to what a rollout looks at: the base of its merge, with those of its own versions that can matter. Clients
/// of equal <see cref="Key"/> come to the same merge, so it is computed once for all of them.
/// </summary>
public sealed class StandIn
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly ObjectId _base;
    private readonly SortedDictionary<RepoPath, FileVersion> _versions;
    private readonly EtckeeperFile? _metadata;

    internal StandIn(ObjectId ancestor, SortedDictionary<RepoPath, FileVersion> versions, EtckeeperFile? metadata, string metadataKey)
    {
        (_base, _versions, _metadata) = (ancestor, versions, metadata);
        Key = Describe(versions, metadataKey);
    }

    /// <summary>Everything in which it differs from the base.</summary>
    public string Key { get; }

    /// <summary>The tree. Files of which only that they are there can matter are empty in it.</summary>
    public ObjectId Tree(ObjectOverlay objects)
    {
        objects.AddBlob([]);
        var versions = new Dictionary<RepoPath, FileVersion>(_versions);
        if (_metadata is not null) versions[Metadata] = new(EntryMode.Executable, objects.AddBlob(_metadata.Write()));
        return TreeEdit.Apply(objects, _base, versions, new List<RepoPath>());
    }

    private static string Describe(SortedDictionary<RepoPath, FileVersion> versions, string metadata)
    {
        var text = new StringBuilder();
        foreach (var (path, version) in versions) text.Append(CultureInfo.InvariantCulture, $"{path}\0{(int)version.Mode} {version.Id}\0");
        return text.Append('\n').Append(metadata).ToString();
    }
}
