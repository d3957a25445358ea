using System.Text.Json;
using System.Text.Json.Serialization;
using EtcSync.FileSystem;

namespace EtcSync.Clients;

/// <summary>A file that was copied from the shared root.</summary>
/// <param name="Content">Blob id of what was copied.</param>
/// <param name="Inode">Inode of the copy.</param>
/// <param name="ChangeTime">Change time of the copy, in nanoseconds.</param>
internal sealed record ShadowCopy(string Content, ulong Inode, long ChangeTime);

/// <summary>What is remembered of a clone besides its history: beside it in the git directory, as JSON.</summary>
internal sealed record ClientState
{
    private const string FileName = "etcsync.json";

    /// <summary>Version of the format.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The file system that the work tree was made on; empty until it has its place.</summary>
    public string FileSystem { get; init; } = "";

    /// <summary>The inode of the work tree that is about to get its place: by it a fan-out that was killed there knows its own work.</summary>
    public ulong Placing { get; init; }

    /// <summary>The branch that was checked out in a clone that was made by hand and adopted, as "refs/heads/x"; empty for one that we made.</summary>
    public string AdoptedBranch { get; init; } = "";

    /// <summary>Whether the git directory of a clone that is being adopted may still be in its work tree: it is kept, and not planted.</summary>
    public bool IsBeingAdopted { get; init; }

    /// <summary>Copies of files of the shared root, by path.</summary>
    public IReadOnlyDictionary<string, ShadowCopy> Shadows { get; init; } = new Dictionary<string, ShadowCopy>(StringComparer.Ordinal);

    /// <summary>Reads it; the defaults where there is none, or a damaged one (a power failure).</summary>
    public static ClientState Read(string gitDirectory)
    {
        var file = Path.Combine(gitDirectory, FileName);
        if (!File.Exists(file)) return new();
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ClientStateJson.Default.ClientState) ?? new();
        }
        catch (JsonException)
        {
            return new();
        }
    }

    /// <summary>Writes it in one step.</summary>
    public void Write(string gitDirectory)
    {
        var file = Path.Combine(gitDirectory, FileName);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(this, ClientStateJson.Default.ClientState));
        File.Move(file + ".new", file, overwrite: true);
    }
}

/// <summary>Serialisation without reflection, so that the program starts quickly.</summary>
[JsonSerializable(typeof(ClientState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class ClientStateJson : JsonSerializerContext;
