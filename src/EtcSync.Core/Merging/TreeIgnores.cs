using EtcSync.Core.Git;
using EtcSync.Core.Ignore;

namespace EtcSync.Core.Merging;

/// <summary>The ignore rules that a tree brings with it: the .gitignore of its top and of every directory.</summary>
public static class TreeIgnores
{
    private const string FileName = ".gitignore";

    /// <summary>Reads all .gitignore files of a tree.</summary>
    public static IgnoreRules Of(IObjectReader objects, ObjectId tree) => Add(objects, tree, "", IgnoreRules.None);

    private static IgnoreRules Add(IObjectReader objects, ObjectId tree, string directory, IgnoreRules rules)
    {
        var entries = objects.ReadTree(tree).Entries;
        foreach (var entry in entries)
        {
            if (entry.Name == FileName && entry.Mode.IsRegular()) rules = rules.With(directory, objects.ReadBlob(entry.Id));
        }

        foreach (var entry in entries)
        {
            if (entry.Mode == EntryMode.Directory) rules = Add(objects, entry.Id, directory.Length == 0 ? entry.Name : $"{directory}/{entry.Name}", rules);
        }

        return rules;
    }
}
