using System.Collections.Concurrent;
using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Policies;

/// <summary>
/// All rules of all policy files, in the order of the files' names and of the rules in them. Where several rules match, the last
/// one that says something about a property decides that property. Safe for use from several threads.
/// </summary>
public sealed class PolicySet
{
    private readonly ImmutableArray<PolicyRule> _rules;
    private readonly ImmutableArray<PolicyRule> _pathRules;
    private readonly PathPolicies? _forEverybody;
    private readonly ConcurrentDictionary<ClientContext, PathPolicies> _byClient = new();
    private readonly ConcurrentDictionary<string, PathPolicies> _byRules = new(StringComparer.Ordinal);

    private PolicySet(ImmutableArray<PolicyRule> rules)
    {
        _rules = rules;
        _pathRules = [.. rules.Where(r => r.IsAboutPaths)];
        if (_pathRules.All(r => r.For.IsEverybody)) _forEverybody = new(_pathRules);
    }

    /// <summary>No rules: everything is merged, at once.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>
    /// Reads policy files, in the order of the last components of their names. Never throws: what is wrong in any of them is listed.
    /// </summary>
    public static Loaded<PolicySet> Load(IEnumerable<ConfigurationFile> files)
    {
        var rules = ImmutableArray.CreateBuilder<PolicyRule>();
        var problems = new List<Problem>();
        foreach (var file in files.OrderBy(f => f.BaseName, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            var found = new ProblemList(file.Name);
            rules.AddRange(PolicyReader.Read(file, found));
            problems.AddRange(found.Result(() => Empty).Problems);
        }

        return problems.Count == 0 ? Loaded.From(new PolicySet(rules.ToImmutable())) : Loaded.Failed<PolicySet>(problems);
    }

    /// <summary>
    /// The files that are in force: the site's, and those shipped ones of which the site has no file of the same name, sorted by name.
    /// An empty file of the site's therefore switches a shipped one off.
    /// </summary>
    public static ImmutableArray<ConfigurationFile> Combine(IEnumerable<ConfigurationFile> shipped, IEnumerable<ConfigurationFile> site)
    {
        var own = site.ToList();
        var names = own.Select(f => f.BaseName).ToHashSet(StringComparer.Ordinal);
        return [.. shipped.Where(f => !names.Contains(f.BaseName)).Concat(own).OrderBy(f => f.BaseName, StringComparer.Ordinal)];
    }

    /// <summary>The path rules of a client. Ask once where many paths are looked at.</summary>
    public PathPolicies PathsOf(ClientContext client) => _forEverybody ?? _byClient.GetOrAdd(client, Compile);

    /// <summary>What the rules say about a path, relative to /etc, of a client.</summary>
    public PathPolicy ForPath(string path, ClientContext client) => PathsOf(client).ForPath(path);

    /// <summary>When a client takes upstream's commits: what the inventory says, else the last rule that matches, else at once.</summary>
    public RolloutPolicy ForClient(Client client) =>
        client.Rollout ?? _rules.LastOrDefault(r => r.Rollout is not null && r.For.IsMatch(client.Context))?.Rollout ?? RolloutPolicy.Default;

    /// <summary>What any rule says about when, whether or not there is a client that it is for.</summary>
    public IEnumerable<RolloutPolicy> Rollouts => _rules.Select(rule => rule.Rollout).OfType<RolloutPolicy>();

    /// <summary>How a client gets its identity: what the inventory says, else the last rule that matches, else the settings; key by key.</summary>
    public IdentityPolicy IdentityOf(Client client, IdentityPolicy settings)
    {
        var policy = _rules.Where(r => r.For.IsMatch(client.Context)).Aggregate(settings, (below, rule) => rule.Identity.Over(below));
        return client.Identity.Over(policy);
    }

    /// <summary>
    /// Rules that name a client or a group that the inventory has not: probably a slip, but a group may also have lost its last
    /// member, so this is a warning and refuses nothing.
    /// </summary>
    public ImmutableArray<Problem> UnknownNames(Inventory inventory)
    {
        var clients = inventory.Clients.Select(c => c.Name.Value).ToList();
        var groups = inventory.Clients.SelectMany(c => c.Groups).Select(g => g.Value).Distinct(StringComparer.Ordinal).ToList();
        return Problem.Sort(_rules.SelectMany(rule =>
            Unknown(rule, rule.For.Clients, clients, "clients", "No client").Concat(Unknown(rule, rule.For.Groups, groups, "groups", "No client is in a group that"))));
    }

    private static IEnumerable<Problem> Unknown(PolicyRule rule, ImmutableArray<(NamePattern Value, int Line)> patterns, List<string> names, string key, string nobody)
    {
        foreach (var (pattern, line) in patterns)
        {
            if (names.Any(name => pattern.IsMatch(name))) continue;
            var near = Suggestion.For(pattern.Text, names) is { } name ? $" Did you mean '{name}'?" : "";
            yield return new(rule.Source.File, line, $"{rule.Key}.{key}", $"{nobody} is called {Quoted.Text(pattern.Text)} in the inventory.{near}");
        }
    }

    private PathPolicies Compile(ClientContext client)
    {
        var selected = _pathRules.Select((rule, i) => (rule, i)).Where(pair => pair.rule.For.IsMatch(client)).ToList();
        return _byRules.GetOrAdd(string.Join(',', selected.Select(pair => pair.i)), _ => new([.. selected.Select(pair => pair.rule)]));
    }
}
