using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Checks;

/// <summary>Looks at fstab(5): whether a diskless client boots with it.</summary>
public sealed class FstabCheck : IBuiltInCheck
{
    private const int FewestFields = 4;
    private const int MostFields = 6;
    private const int DeepestPoint = 64;

    private static readonly RepoPath Fstab = RepoPath.Parse("fstab");
    private static readonly char[] Blanks = [' ', '\t'];
    private static readonly string[] Disks = ["/dev/disk/", "/dev/sd", "/dev/hd", "/dev/vd", "/dev/xvd", "/dev/nvme", "/dev/mmcblk", "/dev/md", "/dev/mapper/", "UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=", "ID="];

    /// <inheritdoc/>
    public ImmutableArray<RepoPath> Paths { get; } = [Fstab];

    /// <inheritdoc/>
    public ImmutableArray<CheckFinding> Look(IObjectReader objects, ObjectId tree)
    {
        var version = TreeDiff.Find(objects, tree, Fstab);
        return version.Mode.IsRegular() ? Look(objects.ReadBlob(version.Id)) : [];
    }

    /// <summary>What is wrong with the content of an fstab.</summary>
    public static ImmutableArray<CheckFinding> Look(ReadOnlySpan<byte> content)
    {
        var findings = ImmutableArray.CreateBuilder<CheckFinding>();
        var mounted = new Dictionary<string, int>(StringComparer.Ordinal);
        var above = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Encoding.Latin1.GetString(content).Split('\n'))
        {
            number++;
            var fields = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || fields[0].StartsWith('#')) continue;
            if ((Shape(fields) ?? Hides(fields)) is { } fault)
            {
                Add("Line", [line], fault);
                continue;
            }

            if (fields[2] == "swap" || fields[1] is "none" or "swap" || IsLeftAlone(fields)) continue;
            var point = fields[1].Length > 1 ? fields[1].TrimEnd('/') : fields[1];
            if (!mounted.TryAdd(point, number))
            {
                Add("Twice", [point], $"has the same mount point as line {mounted[point]}");
                continue;
            }

            // systemd sorts them; 'mount -a' goes from line to line.
            if (above.TryGetValue(point, out var hidden)) Add("Hides", [$"{point} {hidden}"], $"mounts {point} over {hidden} of line {mounted[hidden]}; it belongs above that line", canBeMeant: true);
            foreach (var parent in Parents(point)) above.TryAdd(parent, point);
        }

        return findings.ToImmutable();

        void Add(string subject, ImmutableArray<string> names, string fault, bool canBeMeant = false) => findings.Add(new([Fstab], subject, names, $"Line {number} of fstab {fault}.") { CanBeMeant = canBeMeant });
    }

    // The root is there before anything is mounted. A path of more components than any has is not taken apart.
    private static IEnumerable<string> Parents(string point)
    {
        if (point.AsSpan().Count('/') > DeepestPoint) yield break;
        for (var end = point.LastIndexOf('/'); end > 0; end = point.LastIndexOf('/', end - 1)) yield return point[..end];
    }

    private static string? Shape(string[] fields)
    {
        if (fields.Length is < FewestFields or > MostFields) return $"has {fields.Length} fields; there are four to six";
        if (fields.Any(field => field.Any(char.IsControl))) return "has a control character in it, such as the carriage return of another system's line ends";
        if (fields.Skip(FewestFields).Any(field => !uint.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out _))) return "has something else than numbers at its end";
        if (fields[2] == "swap") return null;
        if (fields[1] is not "none" && fields[1][0] != '/') return "has a mount point that is no absolute path";
        return fields[1].Split('/').Contains("..") ? "has a mount point with '..' in it" : null;
    }

    // A client has its root and its /etc from the server before fstab is read.
    private static string? Hides(string[] fields)
    {
        if (IsLeftAlone(fields)) return null;
        var point = fields[1].TrimEnd('/');
        var isDisk = Disks.Any(disk => fields[0].StartsWith(disk, StringComparison.Ordinal));
        if (point.Length == 0 && fields[1] != "none" && isDisk) return "would have the root from a disk, which a diskless client waits for in vain";
        if (point == "/etc" && fields[2] is not ("nfs" or "nfs4")) return "would hide the client's own /etc";
        return null;
    }

    private static bool IsLeftAlone(string[] fields) => fields.Length > 3 && fields[3].Split(',').Contains("noauto", StringComparer.Ordinal);
}
