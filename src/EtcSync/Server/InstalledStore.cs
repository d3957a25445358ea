using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Server;

/// <summary>Keeps what was installed last, in installed.json of the state directory.</summary>
internal sealed class InstalledStore(ServerState state)
{
    private const int Private = 0x180; // 0600

    /// <summary>What was installed last.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public InstalledFiles Read()
    {
        if (!File.Exists(state.Installed)) return InstalledFiles.None;
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(state.Installed), InstalledJson.Default.InstalledRecord) ?? throw new JsonException();
            return new(
                InstalledFiles.None.Files.AddRange(record.Files.Select(file => KeyValuePair.Create(file.Path, Of(file)))),
                [.. record.Clients.Select(client => new InstalledClient(
                    ClientName.Parse(client.Name), [.. client.Macs.Select(MacAddress.Parse)], [.. client.Addresses.Select(address => IPAddress.Parse(address))]))])
            {
                Untold = InstalledFiles.None.Untold.SetItems((record.Untold ?? []).Select(untold => KeyValuePair.Create(untold.Part, untold.Reload))),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{state.Installed} is damaged: {e.Message} It records which of the server's files are EtcSync's. Remove it, move those files away, and run 'etcsync server apply'.", e);
        }
    }

    /// <summary>Records what is installed.</summary>
    public void Write(InstalledFiles installed)
    {
        StateDirectory.MakePrivate(state.Directory);
        var record = new InstalledRecord(
            [.. installed.Files.Select(pair => Of(pair.Key, pair.Value))],
            [.. installed.Clients.Select(client => new InstalledClientRecord(client.Name.Value, [.. client.Macs.Select(mac => mac.ToString())], [.. client.Addresses.Select(address => address.ToString())]))],
            installed.Untold.IsEmpty ? null : [.. installed.Untold.Select(pair => new UntoldRecord(pair.Key, pair.Value))]);
        SecureDirectory.WriteFile(state.Installed, JsonSerializer.SerializeToUtf8Bytes(record, InstalledJson.Default.InstalledRecord), Private);
    }

    private static InstalledFile Of(InstalledFileRecord file) => new(file.Part, file.Kind switch
    {
        "whole" => new GeneratedContent.Whole(file.Text),
        "block" => new GeneratedContent.Block(file.Text),
        "link" => new GeneratedContent.Link(file.Text),
        _ => throw new FormatException($"'{file.Kind}' is no kind of file."),
    }, file.Reload);

    private static InstalledFileRecord Of(string path, InstalledFile file) => file.Content switch
    {
        GeneratedContent.Whole whole => new(path, file.Part, "whole", whole.Text, file.Reload),
        GeneratedContent.Block block => new(path, file.Part, "block", block.Lines, file.Reload),
        GeneratedContent.Link link => new(path, file.Part, "link", link.Target, file.Reload),
        _ => throw new ArgumentOutOfRangeException(nameof(file)),
    };
}

/// <summary>The shape of installed.json.</summary>
internal sealed record InstalledRecord(IReadOnlyList<InstalledFileRecord> Files, IReadOnlyList<InstalledClientRecord> Clients, IReadOnlyList<UntoldRecord>? Untold = null);

/// <summary>A part in it whose program is still to be told.</summary>
internal sealed record UntoldRecord(ServerPart Part, ReloadKind Reload);

/// <summary>A file in it; texts have one character for each byte.</summary>
internal sealed record InstalledFileRecord(string Path, ServerPart Part, string Kind, string Text, ReloadKind Reload);

/// <summary>A client in it.</summary>
internal sealed record InstalledClientRecord(string Name, IReadOnlyList<string> Macs, IReadOnlyList<string> Addresses);

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(InstalledRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class InstalledJson : JsonSerializerContext;
