using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Accounts;

/// <summary>A password that is another one on the client than upstream, whichever of the two was changed: a new one upstream does not reach the client.</summary>
/// <param name="File">The file that has it: shadow, or gshadow.</param>
/// <param name="Name">The user's name, or the group's.</param>
public sealed record OwnPassword(RepoPath File, string Name)
{
    private const char Separator = ':';

    private static readonly RepoPath Groups = RepoPath.Parse("gshadow");
    private static readonly ImmutableArray<RepoPath> Files = [RepoPath.Parse("shadow"), Groups];

    /// <summary>The passwords that differ between two trees, by file and name. The content of neither is in it.</summary>
    public static ImmutableArray<OwnPassword> Between(IObjectReader objects, ObjectId client, ObjectId upstream)
    {
        var found = ImmutableArray.CreateBuilder<OwnPassword>();
        foreach (var file in Files)
        {
            var (own, theirs) = (TreeDiff.Find(objects, client, file), TreeDiff.Find(objects, upstream, file));
            if (own.Id == theirs.Id || !own.Mode.IsRegular() || !theirs.Mode.IsRegular()) continue;
            var passwords = Parse(objects.ReadBlob(theirs.Id));
            found.AddRange(Parse(objects.ReadBlob(own.Id)).Where(pair => passwords.TryGetValue(pair.Key, out var other) && other != pair.Value)
                .Select(pair => new OwnPassword(file, pair.Key)).OrderBy(one => one.Name, StringComparer.Ordinal));
        }

        return found.ToImmutable();
    }

    /// <summary>Whether a settlement may have kept a password from being rolled out.</summary>
    public static bool MayComeFrom(Settlement settlement) => Files.Contains(settlement.Key.Path) && settlement.Answer is not Mergers.DisputeAnswer.Take { Side: Mergers.DisputeSide.Upstream };

    /// <summary>Whose it is: "root", "the group wheel".</summary>
    public override string ToString() => File == Groups ? $"the group {Name}" : Name;

    // shadow(5), gshadow(5): the name, and then the password; of several records of one name the first counts.
    private static Dictionary<string, string> Parse(byte[] content)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in GitName.Decode(content).Split('\n'))
        {
            var fields = line.Split(Separator, 3);
            if (fields.Length > 1 && fields[0].Length > 0) found.TryAdd(fields[0], fields[1]);
        }

        return found;
    }
}
