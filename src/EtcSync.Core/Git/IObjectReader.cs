namespace EtcSync.Core.Git;

/// <summary>
/// Reads git objects. Objects never change under their id, so reading them keeps a pure function pure; the repository
/// on disk, an overlay in memory and the tests each have one.
/// </summary>
public interface IObjectReader
{
    /// <summary>The tree of that id.</summary>
    /// <exception cref="InvalidDataException">There is no such object, or it is not a tree.</exception>
    GitTree ReadTree(ObjectId id);

    /// <summary>The content of the blob of that id; not to be modified.</summary>
    /// <exception cref="InvalidDataException">There is no such object, or it is not a blob.</exception>
    byte[] ReadBlob(ObjectId id);
}
