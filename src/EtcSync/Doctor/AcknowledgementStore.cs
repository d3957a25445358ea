using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.Core.Doctor;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>What people said that they know and accept, in acknowledged.json of the state directory.</summary>
internal sealed class AcknowledgementStore(StateDirectory state)
{
    private const int Private = 0x180; // 0600

    private string FileName => $"{state.Path}/acknowledged.json";

    /// <summary>What is acknowledged, by id.</summary>
    public ImmutableDictionary<string, Acknowledgement> Read()
    {
        if (!File.Exists(FileName)) return ImmutableDictionary<string, Acknowledgement>.Empty;
        try
        {
            return (JsonSerializer.Deserialize(File.ReadAllBytes(FileName), AcknowledgementJson.Default.DictionaryStringAcknowledgement) ?? []).ToImmutableDictionary(StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // What cannot be read silences nothing.
            return ImmutableDictionary<string, Acknowledgement>.Empty;
        }
    }

    /// <summary>Records that something is known and accepted.</summary>
    public void Add(string id, Acknowledgement acknowledgement) => Write(Read().SetItem(id, acknowledgement));

    /// <summary>Takes that back; false where nobody had said so.</summary>
    public bool Remove(string id)
    {
        var all = Read();
        if (!all.ContainsKey(id)) return false;
        Write(all.Remove(id));
        return true;
    }

    private void Write(ImmutableDictionary<string, Acknowledgement> all)
    {
        state.Prepare();
        var sorted = new Dictionary<string, Acknowledgement>(all.OrderBy(pair => pair.Key, StringComparer.Ordinal), StringComparer.Ordinal);
        SecureDirectory.WriteFile(FileName, JsonSerializer.SerializeToUtf8Bytes(sorted, AcknowledgementJson.Default.DictionaryStringAcknowledgement), Private);
    }
}

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(Dictionary<string, Acknowledgement>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AcknowledgementJson : JsonSerializerContext;
