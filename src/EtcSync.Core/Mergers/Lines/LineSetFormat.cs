using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>A set of lines: <c>shells</c> and lists of packages. Each line is there or is not; <c>#</c> begins a comment line.</summary>
internal sealed class LineSetFormat : RecordFormat
{
    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        foreach (var line in lines) items.Add(new(FileText.IsBlankOrComment(line) ? null : string.Join(' ', FileText.Words(line)), line));
        return null;
    }

    /// <inheritdoc/>
    protected override string MeaningOf(string text) => "";
}
