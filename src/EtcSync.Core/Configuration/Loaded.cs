using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace EtcSync.Core.Configuration;

/// <summary>What came of reading configuration: a value that is valid as a whole, or every problem that was found. Never both.</summary>
public sealed class Loaded<T>
    where T : class
{
    internal Loaded(T? value, ImmutableArray<Problem> problems) => (Value, Problems) = (value, problems);

    /// <summary>The value, or null where there are problems.</summary>
    public T? Value { get; }

    /// <summary>All problems, sorted by file and line; empty where there is a value.</summary>
    public ImmutableArray<Problem> Problems { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsValid => Value is not null;
}

/// <summary>Makes <see cref="Loaded{T}"/>.</summary>
public static class Loaded
{
    /// <summary>A value without problems.</summary>
    public static Loaded<T> From<T>(T value)
        where T : class => new(value, []);

    /// <summary>Problems, at least one.</summary>
    public static Loaded<T> Failed<T>(IEnumerable<Problem> problems)
        where T : class => new(null, Problem.Sort(problems));
}
