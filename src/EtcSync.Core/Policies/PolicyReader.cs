using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Policies;

/// <summary>Reads and checks one policy file.</summary>
internal static class PolicyReader
{
    private static readonly string[] PathKeys = ["class", "source", "hold", "together", "secret", "merger", "on-conflict", "check", "unchecked"];
    private const string PathKeyNames = "'class', 'hold', 'together', 'secret', 'merger', 'on-conflict' or 'check'";
    private static readonly string[] RuleKeys = ["path", "paths", "clients", "groups", .. PathKeys, .. RolloutReader.Keys, "identity"];

    private static readonly ScalarParser<PathClass> Class = Scalars.Choice(
        ("merge", PathClass.Merge), ("client", PathClass.Client), ("upstream", PathClass.Upstream), ("local", PathClass.Local), ("shadow-of-root", PathClass.ShadowOfRoot));

    private static readonly ScalarParser<HoldScope> Hold = Scalars.Choice(("path", HoldScope.Path), ("client", HoldScope.Client));

    private static readonly ScalarParser<ConflictAnswer> OnConflict = Scalars.Choice(("hold", ConflictAnswer.Hold), ("client", ConflictAnswer.Client), ("upstream", ConflictAnswer.Upstream));

    private static readonly ScalarParser<UncheckedAnswer> Unchecked = Scalars.Choice(("apply", UncheckedAnswer.Apply), ("hold", UncheckedAnswer.Hold));

    public static ImmutableArray<PolicyRule> Read(ConfigurationFile file, ProblemList problems)
    {
        var map = MapReader.File(YamlText.Parse(file.Text, problems), problems, "version", "rules");
        var node = map.Node("rules");
        if (node is not (null or YamlList or YamlUnreadable) && !node.IsNull)
            map.Report("rules", $"'rules' holds {node.Kind}, and a list is needed: begin each rule with '- '.");
        return node is YamlList list ? [.. list.Items.Select((item, i) => Rule(item, problems, $"rules[{i + 1}]"))] : [];
    }

    private static PolicyRule Rule(YamlNode node, ProblemList problems, string key)
    {
        var map = MapReader.Of(node, problems, key, node.Start.Line, RuleKeys);
        var identity = IdentityReader.Read(map.Section("identity", IdentityReader.Keys));
        var (paths, records) = Paths(map);
        var rule = new PolicyRule(new(problems.File, node.Start.Line), key, Selector(map), paths, records, Decision(map), RolloutReader.Read(map), identity);
        if (node is YamlMap && map.IsUnderstood) Check(map, rule);
        else if (node.IsNull) problems.Add(node.Start.Line, key, "The rule is empty. Write what it is for, or remove it.");
        return rule;
    }

    private static ClientSelector Selector(MapReader map)
    {
        // An empty list would silently turn a rule for somebody into a rule for everybody.
        foreach (var key in new[] { "clients", "groups" })
        {
            if (map.Node(key) is { IsNull: true } or YamlList { Items.IsEmpty: true }) map.Report(key, $"'{key}' names nobody. Name someone, or remove the line to mean everybody.");
        }

        return new(map.ReadMany<NamePattern>("clients", SelectorName), map.ReadMany<NamePattern>("groups", SelectorName));
    }

    private static (ImmutableArray<PathGlob> Paths, ImmutableArray<(PathGlob Path, NamePattern Record)> Records) Paths(MapReader map)
    {
        if (map.Has("path") && map.Has("paths")) map.Report("paths", "The rule has 'path' and 'paths'. Write all patterns under one of them.");
        foreach (var key in new[] { "path", "paths" })
        {
            if (map.Node(key) is { IsNull: true } or YamlList { Items.IsEmpty: true }) map.Report(key, $"'{key}' holds no pattern. Write one, such as 'hostname' or 'ssh/ssh_host_*_key'.");
        }

        ScalarParser<(PathGlob Path, NamePattern? Record)> parse = map.Has("on-conflict") ? PathOrRecord : WholePath;
        var read = map.ReadMany("path", parse).Concat(map.ReadMany("paths", parse)).Select(p => p.Value).ToList();
        return ([.. read.Where(p => p.Record is null).Select(p => p.Path)], [.. read.Where(p => p.Record is not null).Select(p => (p.Path, p.Record!))]);
    }

    private static bool WholePath(string text, out (PathGlob Path, NamePattern? Record) path, out string reason)
    {
        var good = PathGlob.TryParse(text, out var glob, out reason);
        path = (glob, null);
        return good;
    }

    // 'shadow#root' is a record of a path; '#' at the beginning of a name belongs to the name (emacs has such files).
    private static bool PathOrRecord(string text, out (PathGlob Path, NamePattern? Record) path, out string reason)
    {
        var mark = text.IndexOf('#', StringComparison.Ordinal);
        if (mark <= 0 || text[mark - 1] == '/' || mark == text.Length - 1) return WholePath(text, out path, out reason);
        path = default;
        if (!PathGlob.TryParse(text[..mark], out var glob, out reason) || !NamePattern.TryParse(text[(mark + 1)..], out var record, out reason)) return false;
        path = (glob, record);
        return true;
    }

    private static PathDecision Decision(MapReader map) => new()
    {
        Class = map.TryRead("class", Class, out var pathClass) ? pathClass : null,
        Hold = map.TryRead("hold", Hold, out var hold) ? hold : null,
        Together = map.TryRead<string>("together", SetName, out var together) ? together : null,
        Secret = map.TryRead<bool>("secret", Scalars.TrueOrFalse, out var secret) ? secret : null,
        Merger = map.TryRead<string>("merger", MergerName, out var merger) ? merger : null,
        OnConflict = map.TryRead("on-conflict", OnConflict, out var answer) ? answer : null,
        Check = map.Has("check") ? [.. map.ReadMany<string>("check", CheckWord).Select(word => word.Value)] : null,
        Unchecked = map.TryRead("unchecked", Unchecked, out var unchecked_) ? unchecked_ : null,
        MadeFrom = [.. map.ReadMany<PathGlob>("source", PathGlob.TryParse).Select(p => p.Value)],
    };

    private static void Check(MapReader map, PolicyRule rule)
    {
        var hasPath = map.Has("path") || map.Has("paths");
        var pathKeys = PathKeys.Where(map.Has).ToList();
        var clientKeys = RolloutReader.Keys.Append("identity").Where(map.Has).ToList();
        if (hasPath)
        {
            foreach (var key in clientKeys) map.Report(key, $"'{key}' is about whole clients, and this rule is about paths. Write it in a rule of its own, without 'path'.");
            if (pathKeys.Count == 0 && clientKeys.Count == 0)
                map.Problems.Add(map.Line, rule.Key, $"The rule names paths and says nothing about them. Add {PathKeyNames}.");
        }
        else
        {
            foreach (var key in pathKeys) map.Report(key, $"'{key}' is about paths, and the rule names none. Add 'path'.");
            if (pathKeys.Count == 0 && clientKeys.Count == 0)
                map.Problems.Add(map.Line, rule.Key, $"The rule says nothing. Add 'path' with {PathKeyNames}, or add 'rollout' or 'identity'.");
        }

        CheckClass(map, rule);
        if (rule.Records.IsEmpty) return;
        foreach (var key in PathKeys.Where(key => key != "on-conflict" && map.Has(key)))
            map.Report(key, $"'{key}' is about whole paths, and this rule names a record of one ('path#record'). Write it in a rule of its own.");
    }

    private static void CheckClass(MapReader map, PolicyRule rule)
    {
        var pathClass = rule.Decision.Class;
        if (map.Has("source") && pathClass != PathClass.ShadowOfRoot && (pathClass is not null || !map.Has("class")))
            map.Report("source", "'source' says what a file of the shared root is made from. It needs 'class: shadow-of-root' in the same rule.");
        if (pathClass == PathClass.ShadowOfRoot && rule.Paths.FirstOrDefault(p => !p.IsLiteral) is { } glob)
            map.Report("class", $"{Quoted.Text(glob.Text)} is a pattern, and files of class shadow-of-root are copied one by one. Name each file.");
        if (pathClass is not (PathClass.Local or PathClass.ShadowOfRoot)) return;
        foreach (var key in PathKeys.Where(key => key is "hold" or "together" or "merger" or "on-conflict" or "check" or "unchecked" && map.Has(key)))
            map.Report(key, $"'{key}' has no meaning here: a path of class {(pathClass == PathClass.Local ? "local" : "shadow-of-root")} is never merged. Remove it.");
    }

    private static bool SelectorName(string text, out NamePattern pattern, out string reason)
    {
        if (!NamePattern.TryParse(text, out pattern, out reason)) return false;
        // With its wildcards replaced by a letter, the pattern must be able to be a name.
        if (pattern.Literal is not null) return ClientName.TryParse(text, out _, out reason);
        var strange = text.FirstOrDefault(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && !"-*?[]!^".Contains(c, StringComparison.Ordinal));
        if (strange == 0) return true;
        reason = $"{Quoted.Text(text)} contains {Quoted.Text(strange.ToString())} and can match no name: these hold only a-z, 0-9 and '-'.";
        return false;
    }

    private static bool SetName(string text, out string name, out string reason)
    {
        name = text;
        reason = HostLabel.Reason(text, "The name of a set") ?? "";
        return reason.Length == 0;
    }

    private static bool MergerName(string text, out string name, out string reason)
    {
        name = text;
        var names = Mergers.ContentMergers.Names;
        reason = names.Contains(text, StringComparer.Ordinal) ? "" : $"{Quoted.Text(text)} is not a merger.{Suggestion.Sentence(text, names, "The mergers are")}";
        return reason.Length == 0;
    }

    private static bool CheckWord(string text, out string word, out string reason)
    {
        word = text;
        reason = text.Contains('\0', StringComparison.Ordinal) ? "A word of a command cannot hold a NUL." : "";
        return reason.Length == 0;
    }
}
