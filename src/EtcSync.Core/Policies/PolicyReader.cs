using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Policies;

/// <summary>Reads and checks one policy file.</summary>
internal static class PolicyReader
{
    private static readonly string[] PathKeys = ["class", "source", "hold", "together", "secret"];
    private static readonly string[] RuleKeys = ["path", "paths", "clients", "groups", .. PathKeys, .. RolloutReader.Keys, "identity"];

    private static readonly ScalarParser<PathClass> Class = Scalars.Choice(
        ("merge", PathClass.Merge), ("client", PathClass.Client), ("upstream", PathClass.Upstream), ("local", PathClass.Local), ("shadow-of-root", PathClass.ShadowOfRoot));

    private static readonly ScalarParser<HoldScope> Hold = Scalars.Choice(("path", HoldScope.Path), ("client", HoldScope.Client));

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
        var rule = new PolicyRule(new(problems.File, node.Start.Line), key, Selector(map), Paths(map), Decision(map), RolloutReader.Read(map), identity);
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

    private static ImmutableArray<PathGlob> Paths(MapReader map)
    {
        if (map.Has("path") && map.Has("paths")) map.Report("paths", "The rule has 'path' and 'paths'. Write all patterns under one of them.");
        foreach (var key in new[] { "path", "paths" })
        {
            if (map.Node(key) is { IsNull: true } or YamlList { Items.IsEmpty: true }) map.Report(key, $"'{key}' holds no pattern. Write one, such as 'hostname' or 'ssh/ssh_host_*_key'.");
        }

        return [.. map.ReadMany<PathGlob>("path", PathGlob.TryParse).Concat(map.ReadMany<PathGlob>("paths", PathGlob.TryParse)).Select(p => p.Value)];
    }

    private static PathDecision Decision(MapReader map) => new(
        map.TryRead("class", Class, out var pathClass) ? pathClass : null,
        map.TryRead("hold", Hold, out var hold) ? hold : null,
        map.TryRead<string>("together", SetName, out var together) ? together : null,
        map.TryRead<bool>("secret", Scalars.TrueOrFalse, out var secret) ? secret : null,
        [.. map.ReadMany<PathGlob>("source", PathGlob.TryParse).Select(p => p.Value)]);

    private static void Check(MapReader map, PolicyRule rule)
    {
        var hasPath = map.Has("path") || map.Has("paths");
        var pathKeys = PathKeys.Where(map.Has).ToList();
        var clientKeys = RolloutReader.Keys.Append("identity").Where(map.Has).ToList();
        if (hasPath)
        {
            foreach (var key in clientKeys) map.Report(key, $"'{key}' is about whole clients, and this rule is about paths. Write it in a rule of its own, without 'path'.");
            if (pathKeys.Count == 0 && clientKeys.Count == 0)
                map.Problems.Add(map.Line, rule.Key, "The rule names paths and says nothing about them. Add 'class', 'hold', 'together' or 'secret'.");
        }
        else
        {
            foreach (var key in pathKeys) map.Report(key, $"'{key}' is about paths, and the rule names none. Add 'path'.");
            if (pathKeys.Count == 0 && clientKeys.Count == 0)
                map.Problems.Add(map.Line, rule.Key, "The rule says nothing. Add 'path' with 'class', 'hold', 'together' or 'secret', or add 'rollout' or 'identity'.");
        }

        CheckClass(map, rule);
    }

    private static void CheckClass(MapReader map, PolicyRule rule)
    {
        var pathClass = rule.Decision.Class;
        if (map.Has("source") && pathClass != PathClass.ShadowOfRoot && (pathClass is not null || !map.Has("class")))
            map.Report("source", "'source' says what a file of the shared root is made from. It needs 'class: shadow-of-root' in the same rule.");
        if (pathClass == PathClass.ShadowOfRoot && rule.Paths.FirstOrDefault(p => !p.IsLiteral) is { } glob)
            map.Report("class", $"{Quoted.Text(glob.Text)} is a pattern, and files of class shadow-of-root are copied one by one. Name each file.");
        if (pathClass is not (PathClass.Local or PathClass.ShadowOfRoot)) return;
        foreach (var key in PathKeys.Where(key => key is "hold" or "together" && map.Has(key)))
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
}
