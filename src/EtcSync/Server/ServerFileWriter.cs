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
    public bool Put(FileChange change) => Exchange(change.Part, change.Path, change.Before, change.After);

    /// <summary>Puts back what was there before; a person who wrote there since keeps what they wrote.</summary>
    public void PutBack(FileChange change) => Exchange(change.Part, change.Path, change.After, change.Before);

    /// <summary>The file to which links lead from a place, or the place itself.</summary>
    public static string Final(string path) => new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private bool Exchange(ServerPart part, string place, CurrentFile? expected, CurrentFile? wanted)
    {
        var path = locations.Map(place);
        // A link stands where the plan saw a file only if the plan looked through it.
        if (expected is CurrentFile.Regular && part != ServerPart.Boot) path = Final(path);
        var parent = Path.GetDirectoryName(path)!;
        if (wanted is not null) SecureDirectory.CreateAll(parent, Enterable);
        // The boot directory may be written by a client, who can put a link in place of a directory there.
        if (DirectoryDescriptor.OpenRoot(part == ServerPart.Boot ? parent : Final(parent), out var directory) is not OpenOutcome.Opened and var outcome)
            return (outcome == OpenOutcome.Missing && expected is null && wanted is null) ? true : throw new IOException($"{parent} is no directory, or a link: move it away.");
        using (directory)
        {
            var name = Path.GetFileName(path);
            if (ServerObserver.Read(directory!, name) != expected) return false;
            switch (wanted)
            {
                case null:
                    directory!.Unlink(name);
                    directory.Sync();
                    break;
                case CurrentFile.Regular regular:
                    // Whoever may write a file of the administrator's may write it afterwards.
                    var before = expected is CurrentFile.Regular && part != ServerPart.Boot && directory!.TryStatus(name, out var status) ? status : default(FileStatus?);
                    SecureDirectory.Replace(directory!, name, Encoding.Latin1.GetBytes(regular.Text), before?.Mode ?? Readable, before is { } was ? (was.Uid, was.Gid) : null);
                    break;
                case CurrentFile.Link link:
                    var temporary = $".{name}.etcsync-new";
                    directory!.Unlink(temporary);
                    directory.CreateSymbolicLink(temporary, Encoding.UTF8.GetBytes(link.Target));
                    if (directory.Rename(temporary, directory, name) is not ChangeOutcome.Done and var renamed)
                    {
                        directory.Unlink(temporary);
                        throw new IOException($"{path} could not be put in place ({renamed}).");
                    }

                    directory.Sync();
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(wanted));
            }

            return true;
        }
    }
}
