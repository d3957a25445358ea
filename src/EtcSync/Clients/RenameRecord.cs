using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.Core.Clients;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Clients;

/// <summary>A rename that is under way: there from before the first thing is moved until the inventory has the new name.</summary>
/// <param name="From">What the client was called.</param>
/// <param name="To">What it is to be called.</param>
internal sealed record RenameRecord(ClientName From, ClientName To)
{
    private const int Private = 0x180; // 0600

    /// <summary>The rename that is under way, or was interrupted; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public static RenameRecord? Read(StateDirectory state)
    {
        if (!File.Exists(state.Rename)) return null;
        try
        {
            var text = JsonSerializer.Deserialize(File.ReadAllBytes(state.Rename), RenameJson.Default.RenameText) ?? throw new JsonException("It is empty.");
            return new(ClientName.Parse(text.From), ClientName.Parse(text.To));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"{state.Rename} is damaged: {e.Message} It names a client whose renaming was interrupted. Look below {state.Clients} which one it is, write the file anew as {{\"from\": \"OLD\", \"to\": \"NEW\"}}, and run 'etcsync client rename OLD NEW'.", e);
        }
    }

    /// <summary>Begins it.</summary>
    public void Write(StateDirectory state) =>
        SecureDirectory.WriteFile(state.Rename, JsonSerializer.SerializeToUtf8Bytes(new(From.Value, To.Value), RenameJson.Default.RenameText), Private);

    /// <summary>Ends it.</summary>
    public static void Remove(StateDirectory state) => File.Delete(state.Rename);
}

/// <summary>How it is written.</summary>
internal sealed record RenameText(string From, string To);

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(RenameText))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RenameJson : JsonSerializerContext;
