using System.Collections.Immutable;
using EtcSync.Core.Mergers.Ini;
using EtcSync.Core.Mergers.Layout;
using EtcSync.Core.Mergers.Lines;
using EtcSync.Core.Mergers.Ssh;

namespace EtcSync.Core.Mergers;

/// <summary>The mergers that policies can choose.</summary>
public static class ContentMergers
{
    /// <summary>The name of the merge by line, which is used where no policy says anything, and where a file is not of its kind.</summary>
    public const string Text = "text";

    /// <summary>The name of the merge of the account files, which are merged as one set.</summary>
    public const string Accounts = "accounts";

    private static readonly ImmutableSortedDictionary<string, IContentMerger> ByName =
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, All().Select(merger => KeyValuePair.Create(merger.Name, merger)));

    /// <summary>All names, sorted.</summary>
    public static ImmutableArray<string> Names { get; } = [.. ByName.Keys.Append(Text).Append(Accounts).Order(StringComparer.Ordinal)];

    /// <summary>The merger of this name; null for <see cref="Text"/> and <see cref="Accounts"/>, which do not merge one file by its meaning.</summary>
    public static IContentMerger? Find(string name) => ByName.GetValueOrDefault(name);

    private static IContentMerger[] All() =>
    [
        new RecordMerger("aliases", new MailAliasesFormat()),
        new RecordMerger("fstab", new FstabFormat()),
        new RecordMerger("gitignore", new GitIgnoreFormat()),
        new RecordMerger("hosts", new HostsFormat()),
        new RecordMerger("ini", new PlainIniFormat()),
        new RecordMerger("key-value", new AssignmentFormat()),
        new RecordMerger("lines", new LineSetFormat()),
        new RecordMerger("locale-gen", new LocaleGenFormat()),
        new RecordMerger("modules", new ModulesFormat()),
        new RecordMerger("networks", new NamesFormat("address")),
        new RecordMerger("protocols", new NamesFormat("number")),
        new RecordMerger("rpc", new NamesFormat("number")),
        new RecordMerger("services", new ServicesFormat()),
        new RecordMerger("sshd", new SshdFormat()),
        new RecordMerger("subids", new SubordinateIdsFormat()),
        new RecordMerger("sysctl", new SysctlFormat()),
        new RecordMerger("systemd", new SystemdFormat()),
    ];
}
