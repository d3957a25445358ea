using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Resolutions;

/// <summary>
/// Resolutions as files of a tree. A directory for each dispute, named by its digest: what is in dispute (dispute.json, and the
/// three versions base, client, upstream), and its answers, one for everybody or one for each client it is for (answer.json, and
/// content where the answer is new content). So that a client has one answer at most, and git's log of a directory is its story.
/// </summary>
internal static class ResolutionFiles
{
    private const string DisputeFile = "dispute.json";
    private const string AnswerFile = "answer.json";
    private const string ContentFile = "content";
    private const string Everybody = "everybody";
    private const string Clients = "clients";

    // What is longer is not kept beside the answer: it is there for people to read.
    private const int LongestVersion = 1024 * 1024;

    /// <summary>Reads the resolutions of one dispute's directory.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or was written by a newer program.</exception>
    public static IEnumerable<Resolution> Read(IObjectReader objects, TreeEntry directory)
    {
        var tree = objects.ReadTree(directory.Id);
        var dispute = Read(objects, tree, DisputeFile, ResolutionShapes.Shapes.DisputeJson);
        if (!RepoPath.TryParse(dispute.Path, out var path)) throw new InvalidDataException("its path is none");
        var key = new DisputeKey(path, dispute.Record, dispute.Base, dispute.Client, dispute.Upstream);
        if (key.Digest != directory.Name) throw new InvalidDataException("it is about another dispute than its name says");
        var answers = new List<Resolution>();
        if (tree.Find(Everybody) is { } all) answers.Add(Answer(objects, key, all, null));
        // What was said of several clients at once is one resolution.
        if (tree.Find(Clients) is { } some)
        {
            answers.AddRange(objects.ReadTree(some.Id).Entries.Select(entry => Answer(objects, key, entry, NameOf(entry)))
                .GroupBy(one => (one.Answer, one.By, one.When)).Select(group => group.First() with { Clients = [.. group.SelectMany(one => one.Clients).Order()] }));
        }

        return answers;
    }

    /// <summary>The files that keep a resolution.</summary>
    /// <exception cref="InvalidDataException">What is in dispute has a name that cannot be written down.</exception>
    public static IReadOnlyDictionary<RepoPath, FileVersion> Of(ObjectOverlay objects, Resolution resolution, ContentsInDispute contents)
    {
        var key = resolution.Key;
        var files = new Dictionary<RepoPath, FileVersion>
        {
            [In(key, DisputeFile)] = Json(objects, new DisputeJson(1, key.Path.Value, key.Record, key.Base, key.Client, key.Upstream), ResolutionShapes.Shapes.DisputeJson),
        };
        var back = ResolutionShapes.Parse(objects.ReadBlob(files[In(key, DisputeFile)].Id), ResolutionShapes.Shapes.DisputeJson);
        if (back.Path != key.Path.Value || back.Record != key.Record) throw new InvalidDataException($"The name of {key.Name} is not text, so that no answer for it can be kept.");
        foreach (var (name, content) in (IEnumerable<(string, byte[]?)>)[("base", contents.Base), ("client", contents.Client), ("upstream", contents.Upstream)])
        {
            if (content is { Length: <= LongestVersion }) files[In(key, name)] = File(objects, content);
        }

        var answer = new AnswerJson(1, resolution.Answer is DisputeAnswer.Take take ? NameOf(take.Side) : null, resolution.By, resolution.When);
        foreach (var place in Places(resolution))
        {
            files[In(key, $"{place}/{AnswerFile}")] = Json(objects, answer, ResolutionShapes.Shapes.AnswerJson);
            files[In(key, $"{place}/{ContentFile}")] = resolution.Answer is DisputeAnswer.Replace replace ? File(objects, replace.Content) : default;
        }

        return files;
    }

    /// <summary>The tree without the answers of a resolution; without everything about the dispute where no answer is left.</summary>
    public static ObjectId Without(ObjectOverlay objects, ObjectId tree, Resolution resolution)
    {
        var gone = new Dictionary<RepoPath, FileVersion>();
        foreach (var place in Places(resolution))
        {
            gone[In(resolution.Key, $"{place}/{AnswerFile}")] = default;
            gone[In(resolution.Key, $"{place}/{ContentFile}")] = default;
        }

        var rest = TreeEdit.Apply(objects, tree, gone, new List<RepoPath>());
        var digest = resolution.Key.Digest;
        if (objects.ReadTree(rest).Find(digest) is not { } directory || objects.ReadTree(directory.Id) is var left && (left.Find(Everybody) is not null || left.Find(Clients) is not null)) return rest;
        return Without(objects, rest, digest);
    }

    /// <summary>The tree without anything about a dispute, whatever is in it.</summary>
    public static ObjectId Without(ObjectOverlay objects, ObjectId tree, string digest) =>
        objects.AddTree(GitTree.Of(objects.ReadTree(tree).Entries.Where(entry => entry.Name != digest)));

    /// <summary>The three versions of what was in dispute, as far as they are kept.</summary>
    public static ContentsInDispute Contents(IObjectReader objects, ObjectId tree, DisputeKey key)
    {
        if (objects.ReadTree(tree).Find(key.Digest) is not { } directory) return ContentsInDispute.Unknown;
        var files = objects.ReadTree(directory.Id);
        return new(Content("base"), Content("client"), Content("upstream"));

        byte[]? Content(string name) => files.Find(name) is { } file ? objects.ReadBlob(file.Id) : null;
    }

    /// <summary>How a side is called.</summary>
    public static string NameOf(DisputeSide side) => side switch { DisputeSide.Base => "base", DisputeSide.Client => "client", _ => "upstream" };

    /// <summary>The side of that name; null for none.</summary>
    public static DisputeSide? SideOf(string? name) => name switch { "base" => DisputeSide.Base, "client" => DisputeSide.Client, "upstream" => DisputeSide.Upstream, _ => null };

    private static IEnumerable<string> Places(Resolution resolution) => resolution.IsForEverybody ? [Everybody] : resolution.Clients.Select(client => $"{Clients}/{client}");

    private static RepoPath In(DisputeKey key, string name) => RepoPath.Parse($"{key.Digest}/{name}");

    private static Resolution Answer(IObjectReader objects, DisputeKey key, TreeEntry directory, ClientName? client)
    {
        var tree = objects.ReadTree(directory.Id);
        var answer = Read(objects, tree, AnswerFile, ResolutionShapes.Shapes.AnswerJson);
        DisputeAnswer what = (SideOf(answer.Take), tree.Find(ContentFile)) switch
        {
            ({ } side, null) => new DisputeAnswer.Take(side),
            (null, { } content) when answer.Take is null => new DisputeAnswer.Replace(objects.ReadBlob(content.Id)),
            _ => throw new InvalidDataException("it has no answer, or two"),
        };
        return new(key, what, client is { } name ? [name] : [], answer.By, answer.When);
    }

    private static ClientName NameOf(TreeEntry entry) => ClientName.TryParse(entry.Name, out var name, out var reason) ? name : throw new InvalidDataException(reason);

    private static T Read<T>(IObjectReader objects, GitTree tree, string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape)
        where T : IVersioned
    {
        if (tree.Find(name) is not { } file) throw new InvalidDataException($"{name} is missing");
        var found = ResolutionShapes.Parse(objects.ReadBlob(file.Id), shape);
        return found.Version == 1 ? found : throw new InvalidDataException($"{name} has version {found.Version}, which this program does not know");
    }

    private static FileVersion Json<T>(ObjectOverlay objects, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape) =>
        File(objects, [.. JsonSerializer.SerializeToUtf8Bytes(value, shape), (byte)'\n']);

    private static FileVersion File(ObjectOverlay objects, byte[] content) => new(EntryMode.File, objects.AddBlob(content));
}

/// <summary>What says by which version of the format it was written.</summary>
internal interface IVersioned
{
    /// <summary>The version.</summary>
    int Version { get; }
}

/// <summary>What is in dispute.</summary>
internal sealed record DisputeJson(int Version, string Path, string? Record, string Base, string Client, string Upstream) : IVersioned;

/// <summary>An answer; what is not taken from a side is in a file of its own.</summary>
internal sealed record AnswerJson(int Version, string? Take, string By, DateTimeOffset When) : IVersioned;

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(DisputeJson))]
[JsonSerializable(typeof(AnswerJson))]
[JsonSerializable(typeof(ExportJson))]
internal sealed partial class ResolutionShapes : JsonSerializerContext
{
    /// <summary>Written for people to read, too.</summary>
    public static ResolutionShapes Shapes { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    /// <summary>Reads a value.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static T Parse<T>(byte[] content, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape)
    {
        try
        {
            return JsonSerializer.Deserialize(content, shape) ?? throw new InvalidDataException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("it is not what was written", e);
        }
    }
}
