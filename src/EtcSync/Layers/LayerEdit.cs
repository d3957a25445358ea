using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.Core.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Layers;

/// <summary>An edit of a layer that was begun: what its work tree was made from. Kept beside the work tree until the edit is over.</summary>
internal sealed record LayerEdit
{
    private const int Private = 0x180; // 0600

    /// <summary>Version of the format.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The layer's commit; null where the edit makes the layer.</summary>
    public string? Tip { get; init; }

    /// <summary>The upstream commit.</summary>
    public required string Upstream { get; init; }

    /// <summary>The tree that was written: both, merged.</summary>
    public required string Tree { get; init; }

    /// <summary>The .etckeeper that the work tree would have had at the beginning, as etckeeper writes it; null where upstream has none.</summary>
    public string? Metadata { get; init; }

    /// <summary>The paths in which the layer and upstream disagreed.</summary>
    public IReadOnlyList<string> Disputes { get; init; } = [];

    /// <summary>Who began it.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The edit of a group's layer; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public static LayerEdit? Read(StateDirectory state, GroupName group)
    {
        if (!Directory.Exists(TreeOf(state, group))) return null;
        var file = FileOf(state, group);
        try
        {
            if (File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllBytes(file), LayerEditJson.Default.LayerEdit) is { } edit) return edit;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new InvalidDataException($"The record {file} of an edit is missing or damaged. Copy what you need out of {TreeOf(state, group)}, and drop the edit with 'etcsync layer edit {group} --discard'.");
    }

    /// <summary>The work tree of an edit.</summary>
    public static string TreeOf(StateDirectory state, GroupName group) => Path.Combine(state.Layers, group.Value);

    /// <summary>Where the edit is recorded. A group's name has no dot in it, so this is no work tree.</summary>
    public static string FileOf(StateDirectory state, GroupName group) => TreeOf(state, group) + ".json";

    /// <summary>Records it.</summary>
    public void Write(StateDirectory state, GroupName group) =>
        SecureDirectory.WriteFile(FileOf(state, group), JsonSerializer.SerializeToUtf8Bytes(this, LayerEditJson.Default.LayerEdit), Private);

    /// <summary>The .etckeeper of the beginning; null where upstream has none.</summary>
    public EtckeeperFile? ReadMetadata() => Metadata is { } text ? EtckeeperFile.Parse(Convert.FromBase64String(text)) : null;
}

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(LayerEdit))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LayerEditJson : JsonSerializerContext;
