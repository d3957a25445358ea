using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Exports;

/// <summary>Looks at the file systems of what is exported.</summary>
internal static class ExportedPlacesReader
{
    private const string MountTable = "/proc/self/mountinfo";

    // What is mounted for a while to work in the shared root, and is no part of it.
    private static readonly string[] Furniture = ["proc", "sysfs", "devtmpfs", "devpts", "tmpfs", "efivarfs", "cgroup2", "mqueue", "securityfs", "bpf"];

    /// <summary>What matters to NFS about the shared root, its boot directory, and these clones. No NFS server looks into a sandbox, so there only what is missing matters.</summary>
    public static ExportedPlaces Read(Settings settings, Locations locations, IEnumerable<string> clones)
    {
        IEnumerable<string> needed = settings.Exports.BootBuilder is null ? [settings.Root] : [settings.Root, $"{settings.Root}/boot"];
        var places = ExportedPlaces.Ordinary with { Missing = [.. needed.Where(directory => !Directory.Exists(locations.Map(directory)))] };
        return locations.IsSandbox ? places : WithFileSystems(places, settings, clones);
    }

    private static ExportedPlaces WithFileSystems(ExportedPlaces places, Settings settings, IEnumerable<string> clones)
    {
        var withoutIdentity = ExportedPlaces.Ordinary.WithoutIdentity.ToBuilder();
        var ofClones = new HashSet<FileSystemId>();
        foreach (var directory in clones)
        {
            if (Identify(directory) is { } id) ofClones.Add(id);
            else if (Directory.Exists(directory)) withoutIdentity.Add(directory);
        }

        foreach (var directory in (string[])[settings.Root, $"{settings.Root}/boot"])
        {
            if (Identify(directory) is null && Directory.Exists(directory)) withoutIdentity.Add(directory);
        }

        (string Name, string Directory)[] others = [("the shared root", settings.Root), ("EtcSync's state", settings.State), ("the server's own files", "/")];
        return places with
        {
            WithoutIdentity = withoutIdentity.ToImmutable(),
            MountedInRoot = MountedIn(settings),
            BesideClones = [.. others.Where(other => Identify(other.Directory) is { } id && ofClones.Contains(id)).Select(other => other.Name)],
        };
    }

    // Where statfs(2) has an id, mountd finds one too (uuid_by_path() in support/export/cache.c of nfs-utils).
    private static FileSystemId? Identify(string directory)
    {
        if (DirectoryDescriptor.OpenRoot(directory, out var opened) != OpenOutcome.Opened) return null;
        using (opened) return FileSystemId.Of(opened!) is { Id: not 0 } id ? id : null;
    }

    private static ImmutableArray<string> MountedIn(Settings settings) =>
        [.. File.ReadLines(MountTable).Select(MountPoint).OfType<string>()
            .Where(place => place != settings.Root && SystemPath.IsWithin(place, settings.Root) && !SystemPath.IsWithin(place, $"{settings.Root}/boot") && !SystemPath.IsWithin(place, settings.Upstream.Directory))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // proc(5): the fifth field is the place, and the type stands after a lone hyphen. Escapes stay: no directory of ours has a character that needs one.
    private static string? MountPoint(string line)
    {
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-");
        return separator > 5 && separator + 1 < fields.Length && !Furniture.Contains(fields[separator + 1]) ? fields[4] : null;
    }
}
