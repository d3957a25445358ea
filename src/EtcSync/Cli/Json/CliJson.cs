using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EtcSync.Cli.Json;

/// <summary>Serialisation without reflection. The shapes are described, with their versions, in docs/cli.md.</summary>
[JsonSerializable(typeof(SyncJson))]
[JsonSerializable(typeof(StatusJson))]
[JsonSerializable(typeof(LayerListJson))]
[JsonSerializable(typeof(LayerShowJson))]
[JsonSerializable(typeof(LayerLogJson))]
[JsonSerializable(typeof(MergeTreeJson))]
[JsonSerializable(typeof(PlanJson))]
[JsonSerializable(typeof(ForecastJson))]
[JsonSerializable(typeof(ClientListJson))]
[JsonSerializable(typeof(ClientShowJson))]
[JsonSerializable(typeof(ConflictsJson))]
[JsonSerializable(typeof(ResolveJson))]
[JsonSerializable(typeof(ResolutionListJson))]
[JsonSerializable(typeof(ResolutionShowJson))]
[JsonSerializable(typeof(RevokeJson))]
[JsonSerializable(typeof(ImportJson))]
[JsonSerializable(typeof(DiffJson))]
[JsonSerializable(typeof(LogJson))]
[JsonSerializable(typeof(OverrideDropJson))]
[JsonSerializable(typeof(ExplainJson))]
[JsonSerializable(typeof(DoctorJson))]
[JsonSerializable(typeof(InventoryLogJson))]
[JsonSerializable(typeof(AdoptJson))]
[JsonSerializable(typeof(ReleaseJson))]
[JsonSerializable(typeof(ServerPlanJson))]
[JsonSerializable(typeof(ServerShowJson))]
[JsonSerializable(typeof(DiscoverJson))]
[JsonSerializable(typeof(BootShowJson))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>The version of every shape; it grows when something that was there changes its meaning or goes.</summary>
    public const int Version = 1;

    /// <summary>The shapes, written for a file or a pipe and not for a web page: quotes and letters stay as they are, control characters do not.</summary>
    public static CliJson Shapes { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
