using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>Lines of a key, a value and further names, as in <c>hosts</c> and <c>services</c>; <c>#</c> begins a comment wherever it stands.</summary>
internal abstract class NamedLineFormat : RecordFormat
{
    /// <summary>What the two fields before the further names are called; null for the one that has the key.</summary>
    protected abstract IReadOnlyList<string?> Fields { get; }

    /// <summary>The key of a line with these first two words; null, with the problem, if there is none.</summary>
    protected abstract string? KeyOf(ReadOnlySpan<char> first, ReadOnlySpan<char> second, out string problem);

    /// <inheritdoc/>
    public sealed override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (FileText.IsBlankOrComment(lines[i]))
            {
                items.Add(new(null, lines[i]));
                continue;
            }

            // Only what is changed on both sides is taken apart in full.
            if (!FieldLine.TryReadTwo(lines[i], out var first, out var second)) return new(i + 1, $"has no {Fields[^1]}");
            if (KeyOf(first, second, out var problem) is not { } key) return new(i + 1, problem);
            items.Add(new(key, lines[i]));
        }

        return null;
    }

    /// <inheritdoc/>
    protected sealed override RecordOutcome MergeOne(string? ancestor, string client, string upstream) =>
        new FieldLineMerge(ancestor is null ? null : FieldLine.WithComment(ancestor), FieldLine.WithComment(client), FieldLine.WithComment(upstream)).Run(Fields);
}

/// <summary>Names with a number or an address, and further names: <c>protocols</c>, <c>networks</c> and <c>rpc</c> (their pages in section 5 of the manual).</summary>
/// <param name="value">What the second field is called.</param>
internal sealed class NamesFormat(string value) : NamedLineFormat
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string?> Fields { get; } = [null, value];

    /// <inheritdoc/>
    protected override string? KeyOf(ReadOnlySpan<char> first, ReadOnlySpan<char> second, out string problem)
    {
        problem = "";
        return first.ToString();
    }
}

/// <summary><c>services</c> (services(5)): one record for each service and protocol.</summary>
internal sealed class ServicesFormat : NamedLineFormat
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string?> Fields { get; } = [null, "port"];

    /// <inheritdoc/>
    protected override string? KeyOf(ReadOnlySpan<char> first, ReadOnlySpan<char> second, out string problem)
    {
        problem = "has no port and protocol, with a slash between them";
        var slash = second.IndexOf('/');
        return slash > 0 && slash < second.Length - 1 && second[..slash].IndexOfAnyExceptInRange('0', '9') < 0 ? string.Concat(first, second[slash..]) : null;
    }
}
