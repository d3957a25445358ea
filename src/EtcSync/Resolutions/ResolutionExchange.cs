using System.Text.Json;
using EtcSync.Core.Clients;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;

namespace EtcSync.Resolutions;

/// <summary>Resolutions in the shape in which they go from one server to another.</summary>
internal static class ResolutionExchange
{
    private const int Version = 1;

    /// <summary>Writes resolutions, with all they hold.</summary>
    public static byte[] Write(IEnumerable<NewResolution> resolutions) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new ExportJson(Version, [.. resolutions.Select(Of)]), ResolutionShapes.Shapes.ExportJson), (byte)'\n'];

    /// <summary>Reads what was written.</summary>
    /// <exception cref="InvalidDataException">It is something else; nothing of it is to be used then.</exception>
    public static IReadOnlyList<NewResolution> Read(byte[] content)
    {
        var read = ResolutionShapes.Parse(content, ResolutionShapes.Shapes.ExportJson);
        if (read.Version != Version) throw new InvalidDataException($"it has version {read.Version}, which this program does not know");
        try
        {
            return [.. read.Resolutions.Select(one => Resolution(one ?? throw new InvalidDataException("a resolution in it is empty")))];
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(e.Message.TrimEnd('.'), e);
        }
    }

    private static ExportedJson Of(NewResolution one)
    {
        var ((key, answer, clients, by, when), contents) = (one.Resolution, one.Contents);
        return new(
            key.Path.Value, key.Record, key.Base, key.Client, key.Upstream, answer is DisputeAnswer.Take take ? ResolutionFiles.NameOf(take.Side) : null, Text((answer as DisputeAnswer.Replace)?.Content),
            [.. clients.Select(client => client.Value)], by, when, Text(contents.Base), Text(contents.Client), Text(contents.Upstream));
    }

    private static NewResolution Resolution(ExportedJson read)
    {
        var key = new DisputeKey(RepoPath.Parse(read.Path), read.Record, read.Base, read.Client, read.Upstream);
        DisputeAnswer answer = (ResolutionFiles.SideOf(read.Take), Bytes(read.Content)) switch
        {
            ({ } side, null) => new DisputeAnswer.Take(side),
            (null, { } content) when read.Take is null => new DisputeAnswer.Replace(content),
            _ => throw new InvalidDataException($"{key.Name} has no answer, or two"),
        };
        return new(new(key, answer, [.. read.Clients.Select(ClientName.Parse).Order()], read.By, read.When), new(Bytes(read.BaseContent), Bytes(read.ClientContent), Bytes(read.UpstreamContent)));
    }

    private static string? Text(byte[]? content) => content is null ? null : Convert.ToBase64String(content);

    private static byte[]? Bytes(string? text) => text is null ? null : Convert.FromBase64String(text);
}

/// <summary>Resolutions for another server.</summary>
internal sealed record ExportJson(int Version, IReadOnlyList<ExportedJson> Resolutions);

/// <summary>A resolution for another server: versions are those of the dispute's key, contents are base64.</summary>
internal sealed record ExportedJson(
    string Path, string? Record, string Base, string Client, string Upstream, string? Take, string? Content, IReadOnlyList<string> Clients, string By, DateTimeOffset When,
    string? BaseContent, string? ClientContent, string? UpstreamContent);
