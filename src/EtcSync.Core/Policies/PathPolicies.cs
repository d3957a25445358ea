using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace EtcSync.Core.Policies;

/// <summary>
/// The path rules that apply to a client, compiled; clients with the same rules share one. Answers are remembered, because the
/// same paths are asked for again and again. Safe for use from several threads.
/// </summary>
public sealed class PathPolicies
{
    // A client can make up any number of names; what is remembered for it must stay bounded.
    private const int MostRemembered = 1 << 16;

    private readonly ImmutableArray<PolicyRule> _rules;
    private readonly Dictionary<string, List<int>> _literals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(PathGlob Glob, int Rule)>> _byFirstComponent = new(StringComparer.Ordinal);
    private readonly List<(PathGlob Glob, int Rule)> _anywhere = [];
    private readonly List<(PathGlob Glob, RecordRule Rule)> _records = [];
    private readonly ConcurrentDictionary<string, PathPolicy> _remembered = new(StringComparer.Ordinal);
    private int _rememberedCount;

    internal PathPolicies(ImmutableArray<PolicyRule> rules)
    {
        _rules = rules;
        for (var i = 0; i < rules.Length; i++)
        {
            foreach (var glob in rules[i].Paths)
            {
                if (glob.IsLiteral) Add(_literals, glob.Text, i);
                else if (glob.FirstComponent is { } first) Add(_byFirstComponent, first, (glob, i));
                else _anywhere.Add((glob, i));
            }

            foreach (var (path, record) in rules[i].Records) _records.Add((path, new(record, i, rules[i].Decision.OnConflict ?? default, rules[i].Source)));
        }

        ShadowFiles = [.. Shadows().OrderBy(s => s.Path, StringComparer.Ordinal)];
    }

    /// <summary>The files that are copied from upstream's tree, by path.</summary>
    public ImmutableArray<ShadowFile> ShadowFiles { get; }

    /// <summary>The patterns of everything that is neither committed nor rolled out: local paths and copies of the shared root's.</summary>
    public IEnumerable<PathGlob> UncommittedGlobs => _rules.Where(r => r.Decision.Class is PathClass.Local or PathClass.ShadowOfRoot).SelectMany(r => r.Paths);

    /// <summary>What the rules say about a path, relative to /etc.</summary>
    public PathPolicy ForPath(string path)
    {
        if (_remembered.TryGetValue(path, out var known)) return known;
        var policy = Decide(path);
        if (_remembered.TryAdd(path, policy) && Interlocked.Increment(ref _rememberedCount) > MostRemembered)
        {
            _remembered.Clear();
            Interlocked.Exchange(ref _rememberedCount, 0);
        }

        return policy;
    }

    /// <summary>Whether a path is neither committed nor touched.</summary>
    public bool IsLocal(string path) => ForPath(path).Class == PathClass.Local;

    private PathPolicy Decide(string path)
    {
        var latest = new Latest(_rules);
        if (_literals.TryGetValue(path, out var literal))
        {
            foreach (var rule in literal) latest.Add(rule);
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (_byFirstComponent.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(slash < 0 ? path : path.AsSpan(0, slash), out var below)) Match(below, path, ref latest);
        Match(_anywhere, path, ref latest);
        var policy = latest.Policy();
        var records = _records.Where(pair => pair.Glob.IsMatch(path)).Select(pair => pair.Rule).ToImmutableArray();
        return records.IsEmpty ? policy : policy with { RecordRules = records };
    }

    private IEnumerable<ShadowFile> Shadows()
    {
        foreach (var path in _literals.Keys)
        {
            if (Decide(path) is not { Class: PathClass.ShadowOfRoot, ClassSource: { } source }) continue;
            var rule = _literals[path].Select(i => _rules[i]).Last(r => r.Source == source);
            yield return new(path, rule.Decision.MadeFrom, source);
        }
    }

    private static void Match(List<(PathGlob Glob, int Rule)> globs, string path, ref Latest latest)
    {
        foreach (var (glob, rule) in globs)
        {
            if (glob.IsMatch(path)) latest.Add(rule);
        }
    }

    private static void Add<T>(Dictionary<string, List<T>> index, string key, T value)
    {
        if (!index.TryGetValue(key, out var values)) index.Add(key, values = []);
        values.Add(value);
    }

    // For each property the last matching rule that says something about it.
    private ref struct Latest(ImmutableArray<PolicyRule> rules)
    {
        private int _class = -1;
        private int _hold = -1;
        private int _together = -1;
        private int _secret = -1;
        private int _merger = -1;
        private int _onConflict = -1;
        private int _check = -1;
        private int _unchecked = -1;

        public void Add(int rule)
        {
            var decision = rules[rule].Decision;
            if (decision.Class is not null) _class = Math.Max(_class, rule);
            if (decision.Hold is not null) _hold = Math.Max(_hold, rule);
            if (decision.Together is not null) _together = Math.Max(_together, rule);
            if (decision.Secret is not null) _secret = Math.Max(_secret, rule);
            if (decision.Merger is not null) _merger = Math.Max(_merger, rule);
            if (decision.OnConflict is not null) _onConflict = Math.Max(_onConflict, rule);
            if (decision.Check is not null) _check = Math.Max(_check, rule);
            if (decision.Unchecked is not null) _unchecked = Math.Max(_unchecked, rule);
        }

        public readonly PathPolicy Policy()
        {
            if ((_class & _hold & _together & _secret & _merger & _onConflict & _check & _unchecked) == -1) return PathPolicy.Default;
            return new()
            {
                Class = _class < 0 ? default : rules[_class].Decision.Class!.Value,
                ClassSource = Source(_class),
                Hold = _hold < 0 ? default : rules[_hold].Decision.Hold!.Value,
                HoldSource = Source(_hold),
                Together = _together < 0 ? null : rules[_together].Decision.Together,
                TogetherSource = Source(_together),
                Secret = _secret >= 0 && rules[_secret].Decision.Secret!.Value,
                SecretSource = Source(_secret),
                Merger = _merger < 0 ? Mergers.ContentMergers.Text : rules[_merger].Decision.Merger!,
                MergerSource = Source(_merger),
                OnConflict = _onConflict < 0 ? default : rules[_onConflict].Decision.OnConflict!.Value,
                OnConflictSource = Source(_onConflict),
                OnConflictOrder = _onConflict,
                Check = _check < 0 || rules[_check].Decision.Check!.Value is not [var program, .. var arguments] ? null : new(program, arguments),
                CheckSource = Source(_check),
                Unchecked = _unchecked < 0 ? default : rules[_unchecked].Decision.Unchecked!.Value,
                UncheckedSource = Source(_unchecked),
            };
        }

        private readonly PolicySource? Source(int rule) => rule < 0 ? null : rules[rule].Source;
    }
}
