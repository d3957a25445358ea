using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.Core.Clients;
using EtcSync.FileSystem;

namespace EtcSync.State;

/// <summary>Why something does not move.</summary>
/// <param name="Reason">A sentence.</param>
/// <param name="By">Who said so.</param>
/// <param name="Since">Since when.</param>
internal sealed record Hold(string Reason, string By, DateTimeOffset Since);

/// <summary>Clients, and the whole fleet, that a person holds.</summary>
internal sealed class HoldStore(StateDirectory state)
{
    /// <summary>The hold of a client, or that of the whole fleet; null where it may move.</summary>
    public Hold? Find(ClientName client) => Own(client) ?? Fleet;

    /// <summary>The hold of this client by name, or, where none is named, that of the fleet.</summary>
    public Hold? Own(ClientName? client) => Read(FileOf(client));

    /// <summary>The hold of the whole fleet.</summary>
    public Hold? Fleet => Read(state.FleetHold);

    /// <summary>Holds a client, or everything where none is named.</summary>
    public void Set(ClientName? client, Hold hold) =>
        SecureDirectory.WriteFile(FileOf(client), JsonSerializer.SerializeToUtf8Bytes(hold, HoldJson.Default.Hold), 0x180);

    /// <summary>Lets a client, or the fleet, move again; false if it was not held.</summary>
    public bool Remove(ClientName? client)
    {
        var file = FileOf(client);
        if (!File.Exists(file)) return false;
        File.Delete(file);
        return true;
    }

    private string FileOf(ClientName? client) => client is { } name ? state.Hold(name) : state.FleetHold;

    private static Hold? Read(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), HoldJson.Default.Hold);
        }
        catch (JsonException)
        {
            // Somebody wanted it held; what is damaged must not let it go.
            return new("The record of the hold is damaged.", "unknown", new DateTimeOffset(File.GetLastWriteTimeUtc(file)));
        }
    }
}

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(Hold))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class HoldJson : JsonSerializerContext;
