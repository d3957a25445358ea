using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Exports;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Exports;

/// <summary>Reads the files of exports(5) that are not ours.</summary>
internal static class ForeignExports
{
    private const string Main = "/etc/exports";
    private const string Further = "/etc/exports.d";

    /// <summary>/etc/exports and what exportfs takes from /etc/exports.d: no hidden file, and only *.exports.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ImmutableArray<ForeignFile> Read(Locations locations)
    {
        IEnumerable<string> files = [Main];
        if (Directory.Exists(locations.Map(Further)))
        {
            files = files.Concat(Directory.EnumerateFiles(locations.Map(Further), "*.exports").Select(file => $"{Further}/{Path.GetFileName(file)}")
                .Where(file => file != ExportsFiles.File && !file.StartsWith($"{Further}/.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }

        return [.. files.Select(file => RegularFile.Read(locations.Map(file)) is { } bytes ? new ForeignFile(file, Encoding.Latin1.GetString(bytes)) : null).OfType<ForeignFile>()];
    }
}
