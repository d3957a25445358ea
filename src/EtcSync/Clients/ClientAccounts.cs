using EtcSync.Core.Accounts;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>Whose the files of a client are: by the accounts in the client's own tree.</summary>
internal static class ClientAccounts
{
    /// <summary>The ownership that a tree's passwd and group give; carried along where we are not root.</summary>
    public static Ownership Of(IObjectReader objects, ObjectId tree) =>
        Owners.AreSet ? new Ownership.Real(Names(objects, tree, "passwd"), Names(objects, tree, "group")) : new Ownership.Carried();

    private static AccountNames Names(IObjectReader objects, ObjectId tree, string file)
    {
        var version = TreeDiff.Find(objects, tree, RepoPath.Parse(file));
        return version.Mode.IsRegular() ? AccountNamesCache.Of(objects, version.Id) : AccountNames.RootOnly;
    }
}
