using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Doctor;
using EtcSync.Server;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>Finds what is secret in the shared root, which everybody reads who may mount it. It looks for few things at known places, and reads none of the keys.</summary>
internal sealed class SecretFinder(Locations locations, Settings settings)
{
    private static readonly string[] KeyEndings = [".key", ".pem"];

    private readonly ServerText _texts = new(locations);

    /// <summary>What was found.</summary>
    public ImmutableArray<Exposure> Find() =>
        [.. ((Exposure[])
        [
            new(ExposureKind.History, [.. History()]),
            new(ExposureKind.Passwords, [.. Under("etc", "shadow*").Where(HasPassword)]),
            new(ExposureKind.HostKeys, [.. Under("etc/ssh", "ssh_host_*_key")]),
            new(ExposureKind.PrivateKeys, [.. Under("etc", "krb5.keytab"), .. Under("etc/ssl/private", "*").Where(file => KeyEndings.Contains(Path.GetExtension(file))), .. Under("root/.ssh", "id_*").Where(file => Path.GetExtension(file) != ".pub")]),
        ]).Where(exposure => !exposure.Paths.IsEmpty)];

    private IEnumerable<string> History()
    {
        var git = $"{settings.Upstream.Directory}/.git";
        var place = Directory.Exists(locations.Map(git)) ? git : LeadsTo(git);
        if (place is null || !SystemPath.IsWithin(place, settings.Root)) yield break;
        // What is mounted there is not exported with the root, unless the export says so.
        var passesMounts = settings.Exports.RootOptions.Any(option => option is "crossmnt" or "nohide");
        if (passesMounts || !IsMountPoint(locations.Map(place))) yield return place;
    }

    // A file that says where the repository is (gitrepository-layout(5)).
    private string? LeadsTo(string git) => _texts.Read(git) is { } text && text.StartsWith("gitdir: /", StringComparison.Ordinal) ? text[8..].Trim() : null;

    // Field 5 of proc_pid_mountinfo(5); of a bind mount neither device nor inode tell.
    private static bool IsMountPoint(string path)
    {
        try
        {
            return File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ') is [_, _, _, _, var point, ..] && point.Replace("\\040", " ", StringComparison.Ordinal) == path);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private IEnumerable<string> Under(string directory, string pattern)
    {
        var path = $"{settings.Root}/{directory}";
        try
        {
            var mapped = new DirectoryInfo(locations.Map(path));
            return mapped.Exists ? [.. mapped.EnumerateFiles(pattern).Where(file => file.LinkTarget is null && file.Length > 0).Select(file => $"{path}/{file.Name}").Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // shadow(5): nobody logs in with a password that begins with '!' or '*'.
    private bool HasPassword(string file) => (_texts.Read(file) ?? "").Split('\n').Any(line => line.Split(':') is [_, [not ('!' or '*'), ..], ..]);
}
