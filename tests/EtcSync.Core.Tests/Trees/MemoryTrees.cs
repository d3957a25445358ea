using System.Text;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Trees;

/// <summary>Trees from paths and their content and back, so that tests can show what they are about.</summary>
internal static class MemoryTrees
{
    /// <summary>An overlay over nothing.</summary>
    public static ObjectOverlay Objects() => new(new Nothing());

    public static RepoPath Path(string path) => RepoPath.Parse(path);

    public static FileVersion File(this ObjectOverlay objects, string content) => new(EntryMode.File, objects.AddBlob(Encoding.UTF8.GetBytes(content)));

    public static string TextOf(this ObjectOverlay objects, FileVersion version) => Encoding.UTF8.GetString(objects.ReadBlob(version.Id));

    public static ObjectId Tree(this ObjectOverlay objects, params (string Path, string Content)[] files) =>
        TreeEdit.Apply(objects, ObjectId.EmptyTree, files.ToDictionary(file => Path(file.Path), file => objects.File(file.Content)), new List<RepoPath>());

    public static string? Read(this ObjectOverlay objects, ObjectId tree, string path) => TreeDiff.Find(objects, tree, Path(path)) is { Exists: true } found ? objects.TextOf(found) : null;

    private sealed class Nothing : IObjectReader
    {
        public GitTree ReadTree(ObjectId id) => throw new InvalidDataException($"There is no tree {id}.");

        public byte[] ReadBlob(ObjectId id) => throw new InvalidDataException($"There is no blob {id}.");
    }
}
