using System.Text;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Server;

/// <summary>Puts files in their places: each whole or not at all.</summary>
internal sealed class ServerFileWriter(Locations locations)
{
    private const int Readable = 0x1A4; // 0644
    private const int Enterable = 0x1ED; // 0755

    /// <summary>Puts what a plan wants in its place; false where something else is there than the plan saw.</summary>
    public bool Put(FileChange change) => Exchange(change.Path, change.Before, change.After);

    /// <summary>Puts back what was there before; a person who wrote there since keeps what they wrote.</summary>
    public void PutBack(FileChange change) => Exchange(change.Path, change.After, change.Before);

    /// <summary>The file to which links lead from a place, or the place itself.</summary>
    public static string Final(string path) => new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private bool Exchange(string place, CurrentFile? expected, CurrentFile? wanted)
    {
        var path = locations.Map(place);
        // A link stands where the plan saw a file only if the plan looked through it.
        if (expected is CurrentFile.Regular) path = Final(path);
        if (ServerObserver.Read(path) != expected) return false;
        switch (wanted)
        {
            case null:
                File.Delete(path);
                SyncDirectory(path);
                break;
            case CurrentFile.Regular regular:
                SecureDirectory.CreateAll(Path.GetDirectoryName(path)!, Enterable);
                SecureDirectory.WriteFile(path, Encoding.Latin1.GetBytes(regular.Text), expected is CurrentFile.Regular ? (int)File.GetUnixFileMode(path) : Readable);
                break;
            case CurrentFile.Link link:
                SecureDirectory.CreateAll(Path.GetDirectoryName(path)!, Enterable);
                var temporary = $"{Path.GetDirectoryName(path)}/.tmp-{Guid.NewGuid():N}";
                File.CreateSymbolicLink(temporary, link.Target);
                File.Move(temporary, path, overwrite: true);
                SyncDirectory(path);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(wanted));
        }

        return true;
    }

    private static void SyncDirectory(string path)
    {
        if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(path)!, out var directory) != OpenOutcome.Opened) return;
        using (directory) directory!.Sync();
    }
}
