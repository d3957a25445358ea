using EtcSync.Core.Mergers.Accounts;

namespace EtcSync.Core.Tests.Mergers.Accounts;

/// <summary>Account files, and what the two sides made of them by random edits like those of people and of useradd(8).</summary>
internal sealed record AccountsScenario(AccountSet? Base, AccountSet Client, AccountSet Upstream)
{
    private static readonly string[] NewNames = ["svc", "db", "eve", "web"];
    private static readonly int[] NewIds = [990, 991, 992, 1200, 1201];

    public static AccountsScenario From(int seed)
    {
        var random = new Random(seed);
        var start = new AccountSet().WithUser("mail", 8).WithUser("old", 900);
        if (random.Next(8) == 0) start = start with { Gshadow = null };
        if (random.Next(8) == 0) start = Each(start, text => text.Replace("\n", "\r\n", StringComparison.Ordinal));
        if (random.Next(8) == 0) start = Each(start, text => text.TrimEnd('\r', '\n'));
        if (random.Next(8) == 0) start = start with { Passwd = $"# caf\xe9\n\n{start.Passwd}+::::::\n" };
        return new(random.Next(12) == 0 ? null : start, Edited(start, random), Edited(start, random));
    }

    public AccountsMergeResult Merge(AccountArbiter? arbiter = null) => AccountSet.Merge(Base, Client, Upstream, arbiter);

    public override string ToString() => $"\n{Base}\n--- client\n{Client}\n--- upstream\n{Upstream}\n";

    private static AccountSet Edited(AccountSet set, Random random)
    {
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var file = AccountFile.All[random.Next(4)];
            switch (random.Next(13))
            {
                case 0 or 1:
                    set = Added(set, random);
                    break;
                case 2:
                    set = Deleted(set, ((string[])["ann", "bob", "old", "mail"])[random.Next(4)]);
                    break;
                case 3 or 4:
                    set = Changed(set, "passwd", random, 4 + random.Next(3), "X", "Y", "caf\xe9", "/bin/sh");
                    break;
                case 5:
                    set = Changed(Changed(set, "shadow", random, 1, "$6$1", "$6$2", "!"), "shadow", random, 2, "19600", "19700", "0", "");
                    break;
                case 6:
                    set = Changed(set, "shadow", random, 2 + random.Next(6), "1", "2", "19900");
                    break;
                case 7:
                    var members = ((string[])["ann", "bob", "ann,bob", "bob,ann", "ann,bob,old", "mail,ann,bob", ""])[random.Next(7)];
                    set = Changed(Changed(set, "group", random, 3, members), "gshadow", random, 2 + random.Next(2), members);
                    break;
                case 8:
                    set = set.With(file, Lines(set[file], lines => lines.Insert(random.Next(lines.Count + 1), ((string[])["# note", "", "+@group"])[random.Next(3)])));
                    break;
                case 9:
                    set = set.With(file, Lines(set[file], lines =>
                    {
                        if (lines.Count == 0) return;
                        var moved = lines[^1];
                        lines.RemoveAt(lines.Count - 1);
                        lines.Insert(random.Next(lines.Count + 1), moved);
                    }));
                    break;
                case 10:
                    set = set.With(file, set[file] is { } text ? text.EndsWith('\n') ? text.TrimEnd('\r', '\n') : text + "\n" : null);
                    break;
                case 11 when random.Next(3) == 0:
                    set = set.With(file, Lines(set[file], lines => lines.Insert(random.Next(lines.Count + 1), "broken:line")));
                    break;
                case 12 when random.Next(3) == 0:
                    set = Each(set, text => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
                    break;
            }
        }

        return set;
    }

    private static AccountSet Added(AccountSet set, Random random)
    {
        var (name, id) = (NewNames[random.Next(NewNames.Length)], NewIds[random.Next(NewIds.Length)]);
        if (set.Passwd!.Contains($"{name}:", StringComparison.Ordinal)) return set;
        var made = new AccountSet { Passwd = "", Shadow = "", Group = "", Gshadow = "" }.WithUser(name, id, random.Next(5) == 0 ? "/bin/sh" : "/usr/sbin/nologin", 19500 + random.Next(3));
        return AccountFile.All.Aggregate(set, (grown, file) => grown.With(file, Lines(grown[file], lines => lines.Add(made[file]!.TrimEnd('\n')))));
    }

    private static AccountSet Deleted(AccountSet set, string name) => AccountFile.All.Aggregate(set, (left, file) => left.With(file, Lines(left[file], lines => lines.RemoveAll(line => line.StartsWith(name + ":", StringComparison.Ordinal)))));

    private static AccountSet Changed(AccountSet set, string name, Random random, int field, params string[] values)
    {
        var file = AccountFile.All.First(file => file.Name == name);
        return set.With(file, Lines(set[file], lines =>
        {
            var at = random.Next(Math.Max(1, lines.Count));
            if (at >= lines.Count || lines[at].Split(':') is not { Length: > 3 } fields || field >= fields.Length) return;
            fields[field] = values[random.Next(values.Length)];
            lines[at] = string.Join(':', fields);
        }));
    }

    private static AccountSet Each(AccountSet set, Func<string, string> change) => AccountFile.All.Aggregate(set, (changed, file) => changed.With(file, set[file] is { } text ? change(text) : null));

    private static string? Lines(string? text, Action<List<string>> edit)
    {
        if (text is null) return null;
        var ending = text.Contains('\r', StringComparison.Ordinal) ? "\r\n" : "\n";
        var complete = text.Length == 0 || text.EndsWith('\n');
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        edit(lines);
        return lines.Count == 0 ? "" : string.Join(ending, lines) + (complete ? ending : "");
    }
}
