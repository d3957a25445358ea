using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.Core.Clients;
using EtcSync.FileSystem;

namespace EtcSync.State;

/// <summary>What clients were before they were renamed or given other addresses, until they have booted as what they are now.</summary>
internal sealed class FormerStore(StateDirectory state)
{
    private const int Private = 0x180; // 0600

    /// <summary>What a client was; nothing where it always was what it is, and where the record is damaged.</summary>
    public FormerClient Find(ClientName client) => Read(state.Former(client), client);

    /// <summary>All clients that were something else.</summary>
    public ImmutableArray<FormerClient> All()
    {
        if (!Directory.Exists(state.Formers)) return [];
        return [.. Directory.EnumerateFiles(state.Formers, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
            .Where(name => ClientName.TryParse(name, out _, out _)).Select(name => Find(ClientName.Parse(name!))).Where(former => !former.IsEmpty)];
    }

    /// <summary>Records what a client was; where that is nothing, the record goes.</summary>
    public void Set(FormerClient former)
    {
        if (former.IsEmpty)
        {
            Remove(former.Name);
            return;
        }

        StateDirectory.MakePrivate(state.Formers);
        var record = new FormerRecord([.. former.Names.Select(name => name.Value)], [.. former.Addresses.Select(address => address.ToString())], former.Since);
        SecureDirectory.WriteFile(state.Former(former.Name), JsonSerializer.SerializeToUtf8Bytes(record, FormerJson.Default.FormerRecord), Private);
    }

    /// <summary>Forgets what a client was; false if that was nothing.</summary>
    public bool Remove(ClientName client)
    {
        var file = state.Former(client);
        if (!File.Exists(file)) return false;
        File.Delete(file);
        return true;
    }

    private static FormerClient Read(string file, ClientName client)
    {
        if (!File.Exists(file)) return FormerClient.Of(client);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), FormerJson.Default.FormerRecord) is { Names: not null, Addresses: not null } record
                ? new(client, [.. record.Names.Where(name => ClientName.TryParse(name, out _, out _)).Select(ClientName.Parse)], [.. record.Addresses.Select(text => HostAddress.TryParse(text, out var address, out _) ? address : null).OfType<IPAddress>()], record.Since)
                : FormerClient.Of(client);
        }
        catch (JsonException)
        {
            // What a power failure left of it. The client has lost nothing but its former name.
            return FormerClient.Of(client);
        }
    }
}

/// <summary>How it is written.</summary>
internal sealed record FormerRecord(IReadOnlyList<string> Names, IReadOnlyList<string> Addresses, DateTimeOffset Since);

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(FormerRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FormerJson : JsonSerializerContext;
