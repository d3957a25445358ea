namespace EtcSync.Core.Mergers.Lines;

/// <summary>The options of a mount (mount(8)), merged as a set of names, each with a value or without.</summary>
internal static class MountOptions
{
    // Each is compared with each other; no mount has more, and whoever writes more is not to keep the server busy.
    private const int Most = 200;

    // Of these, the last one in the list wins, so that two new ones have no answer.
    private static readonly string[][] Opposites =
    [
        ["ro", "rw"], ["sync", "async"], ["atime", "noatime", "relatime", "strictatime"], ["hard", "soft"], ["tcp", "udp", "proto"],
        ["nfsvers", "vers"], ["fg", "bg"],
    ];

    // These forbid programs, devices and set-user-ID, unless an option after them allows it.
    private static readonly string[] Users = ["user", "users", "owner", "group", "usermaster"];
    private static readonly string[] AllowedToUsers = ["exec", "suid", "dev"];

    /// <summary>The merged list: upstream's, with what the client changed, and what the client added at the end, or the other way round where only that keeps the order of both. Null where there is no answer.</summary>
    public static string? Merge(string ancestor, string client, string upstream)
    {
        if (Read(ancestor) is not { } was || Read(client) is not { } ours || Read(upstream) is not { } theirs) return null;
        if (!SameOrder(was, ours) || !SameOrder(was, theirs) || !SameOrder(ours, theirs)) return null;
        if (Values(was, ours, theirs) is not { } values) return null;
        // A later option can take back an earlier one, so both sides must find their order again.
        OptionList[] orders = [InOrder(values, theirs, ours), InOrder(values, ours, theirs)];
        return Array.Find(orders, merged => SameOrder(merged, ours) && SameOrder(merged, theirs)) is { } found ? string.Join(',', found.Names.Select(name => found[name])) : null;
    }

    // What each option says; null where there is no answer, or two that contradict each other come together.
    private static OptionList? Values(OptionList was, OptionList ours, OptionList theirs)
    {
        var merged = new OptionList();
        foreach (var name in theirs.Names.Concat(ours.Names).Concat(was.Names).Distinct(StringComparer.Ordinal))
        {
            if (Layout.ThreeWay.Side(was[name], ours[name], theirs[name]) is not { } side) return null;
            if ((side == DisputeSide.Client ? ours : theirs)[name] is { } option) merged.TryAdd(name, option);
        }

        return merged.Names.Any(name => merged.Names.Any(other => Contradict(name, other) && !(ours.Has(name) && ours.Has(other)) && !(theirs.Has(name) && theirs.Has(other)))) ? null : merged;
    }

    private static OptionList InOrder(OptionList values, OptionList first, OptionList second)
    {
        var ordered = new OptionList();
        foreach (var name in first.Names.Concat(second.Names.Where(name => !first.Has(name))).Where(values.Has)) ordered.TryAdd(name, values[name]!);
        return ordered;
    }

    private static bool Contradict(string one, string other) =>
        one == "no" + other || Opposites.Any(group => one != other && group.Contains(one) && group.Contains(other)) || (Users.Contains(one) && AllowedToUsers.Contains(other));

    // A list that has a name twice, as overlays do, is no set.
    private static OptionList? Read(string text)
    {
        var list = new OptionList();
        foreach (var option in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!list.TryAdd(NameOf(option), option) || list.Names.Count > Most) return null;
        }

        return list;
    }

    private static string NameOf(string option) => option.Split('=', 2)[0];

    private static bool SameOrder(OptionList one, OptionList other) => one.Names.Where(other.Has).SequenceEqual(other.Names.Where(one.Has), StringComparer.Ordinal);

    private sealed class OptionList
    {
        private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

        public List<string> Names { get; } = [];

        public string? this[string name] => _options.GetValueOrDefault(name);

        public bool Has(string name) => _options.ContainsKey(name);

        public bool TryAdd(string name, string option)
        {
            Names.Add(name);
            return _options.TryAdd(name, option);
        }
    }
}
