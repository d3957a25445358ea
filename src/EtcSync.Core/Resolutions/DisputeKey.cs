using System.Text;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Resolutions;

/// <summary>
/// What is in dispute: a path, or a record in it, and its three versions. Two clients with the same key have the same dispute,
/// whatever else differs in their files; one answer serves both.
/// </summary>
/// <param name="Path">The path.</param>
/// <param name="Record">The record; null where the dispute is about the path as a whole.</param>
/// <param name="Base">What both sides started from: mode and object id of a file, the object id of a record's lines, or "-".</param>
/// <param name="Client">The client's version.</param>
/// <param name="Upstream">Upstream's version.</param>
public sealed record DisputeKey(RepoPath Path, string? Record, string Base, string Client, string Upstream)
{
    private const int IdDigits = 12;
    private const int FewestDigits = 4;
    private const string None = "-";

    /// <summary>A name for it that no other dispute has: 40 hexadecimal digits of a hash of all of it.</summary>
    public string Digest { get; } = ObjectId.Hash(ObjectType.Blob, Encoding.UTF8.GetBytes(string.Join('\0', "dispute 1", Path.Value, Record ?? "", Base, Client, Upstream))).ToString();

    /// <summary>A short name for it that people can type: the first digits of <see cref="Digest"/>.</summary>
    public string Id => Digest[..IdDigits];

    /// <summary>The key of a path as a whole.</summary>
    public static DisputeKey Of(RepoPath path, FileVersion ancestor, FileVersion client, FileVersion upstream) => new(path, null, Text(ancestor), Text(client), Text(upstream));

    /// <summary>The key of a record.</summary>
    public static DisputeKey Of(RepoPath path, RecordDispute dispute) => new(path, dispute.Record, Text(dispute.Base), Text(dispute.Client), Text(dispute.Upstream));

    /// <summary><c>path</c>, or <c>path#record</c>.</summary>
    public string Name => Record is null ? Path.Value : $"{Path}#{Record}";

    /// <summary>Whether it is meant by these digits: at least as many as nobody types by chance, in whatever case.</summary>
    public bool IsCalled(string digits) => digits.Length >= FewestDigits && Digest.StartsWith(digits, StringComparison.OrdinalIgnoreCase);

    private static string Text(FileVersion version) => version.Exists ? $"{Convert.ToString((int)version.Mode, 8)} {version.Id}" : None;

    private static string Text(byte[]? lines) => lines is null ? None : ObjectId.Hash(ObjectType.Blob, lines).ToString();
}
