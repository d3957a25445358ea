using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Mergers;
using EtcSync.Core.Mergers.Accounts;

namespace EtcSync.Core.Tests.Mergers.Accounts;

/// <summary>The four files of a small machine, as text in which each character is a byte; null where one is not there.</summary>
internal sealed record AccountSet
{
    public string? Passwd { get; init; } = "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann:/home/ann:/bin/bash\nbob:x:1001:1001:Bob:/home/bob:/bin/sh\n";

    public string? Shadow { get; init; } = "root:*:19000:0:99999:7:::\nann:$6$a:19100:0:99999:7:::\nbob:$6$b:19200:0:99999:7:::\n";

    public string? Group { get; init; } = "root:x:0:\nusers:x:100:ann,bob\nann:x:1000:\nbob:x:1001:\n";

    public string? Gshadow { get; init; } = "root:*::\nusers:!::ann,bob\nann:!::\nbob:!::\n";

    public string? this[AccountFile file] => file.Name switch { "passwd" => Passwd, "shadow" => Shadow, "group" => Group, _ => Gshadow };

    public AccountSet With(AccountFile file, string? text) => file.Name switch
    {
        "passwd" => this with { Passwd = text },
        "shadow" => this with { Shadow = text },
        "group" => this with { Group = text },
        _ => this with { Gshadow = text },
    };

    /// <summary>With a user, who has an entry in every file and a group of the same name.</summary>
    public AccountSet WithUser(string name, int id, string shell = "/usr/sbin/nologin", int day = 19500) => this with
    {
        Passwd = Passwd + $"{name}:x:{id}:{id}::/:{shell}\n",
        Shadow = Shadow + $"{name}:!:{day}::::::\n",
        Group = Group + $"{name}:x:{id}:\n",
        Gshadow = Gshadow + $"{name}:!::\n",
    };

    /// <summary>Without anything of a user.</summary>
    public AccountSet Without(string name) => AccountFile.All.Aggregate(this, (set, file) => set.With(file, string.Concat((set[file] ?? "").Split('\n').Where(line => line.Length > 0 && !line.StartsWith(name + ":", StringComparison.Ordinal)).Select(line => line + "\n"))));

    public static AccountVersions Versions(AccountSet? ancestor, AccountSet client, AccountSet upstream) => new()
    {
        Files = AccountFile.All.ToImmutableDictionary(file => file, file => new AccountFileVersions(Bytes(ancestor?[file]), Bytes(client[file]), Bytes(upstream[file]))),
    };

    public static AccountsMergeResult Merge(AccountSet? ancestor, AccountSet client, AccountSet upstream, AccountArbiter? arbiter = null) => AccountsMerge.Merge(Versions(ancestor, client, upstream), arbiter ?? ((_, _) => null));

    public static AccountSet Of(AccountsMergeResult result) => AccountFile.All.Aggregate(new AccountSet(), (set, file) => set.With(file, result.Files.GetValueOrDefault(file) switch
    {
        null => null,
        ContentMergeResult.Merged merged => Encoding.Latin1.GetString(merged.Content),
        var other => $"{other}\n{string.Join('\n', (other as ContentMergeResult.Disputed)?.Records ?? [])}",
    }));

    public static ImmutableArray<RecordDispute> Disputes(AccountsMergeResult result, AccountFile file) => result.Files.GetValueOrDefault(file) is ContentMergeResult.Disputed disputed ? disputed.Records : [];

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.Latin1.GetBytes(text);
}
