using System.Collections.Immutable;

namespace EtcSync.Core.Text;

/// <summary>
/// Joins the changes that two sides made to the same ancestor, as git's merge does at its default level ("zealous").
/// </summary>
/// <remarks>
/// Changes that stand apart are taken. The same change on both sides is taken once. Changes that overlap or touch become
/// one disputed region, and so does a change that touches the region before it; if the two sides read the same over the
/// whole region, it is not disputed after all.
/// </remarks>
internal sealed class MergeWalk
{
    private readonly TextLines _ours;
    private readonly TextLines _theirs;
    private readonly List<Region> _regions = [];

    private MergeWalk(TextLines ours, TextLines theirs)
    {
        _ours = ours;
        _theirs = theirs;
    }

    private enum Taken
    {
        Ours,
        Theirs,
        Disputed,
    }

    /// <summary>Merges; both lists of changes lead from the same ancestor to the side they are named after.</summary>
    public static TextMergeResult Merge(TextLines ours, List<LineChange> ourChanges, TextLines theirs, List<LineChange> theirChanges)
    {
        var walk = new MergeWalk(ours, theirs);
        walk.Join(ourChanges, theirChanges);
        var disputed = walk._regions.Where(r => r.Taken == Taken.Disputed && !walk.ReadsTheSame(r)).Select(r => r.Lines).ToImmutableArray();
        return disputed.IsEmpty ? new TextMergeResult.Clean(walk.Assemble()) : new TextMergeResult.Conflict(disputed);
    }

    /// <summary>The merge with every disputed region written as <paramref name="settle"/> says, which is handed the region and what is written so far.</summary>
    public static byte[] Settle(TextLines ours, List<LineChange> ourChanges, TextLines theirs, List<LineChange> theirChanges, Action<MergeRegion, List<byte>> settle)
    {
        var walk = new MergeWalk(ours, theirs);
        walk.Join(ourChanges, theirChanges);
        return walk.Assemble(settle);
    }

    private static LineRange Range(int start, int end) => new(start, end - start);

    private static bool Touch(LineRange before, LineRange next) => next.Start <= before.End;

    private void Join(List<LineChange> ourChanges, List<LineChange> theirChanges)
    {
        var (i, j) = (0, 0);
        // What the ancestor's line numbers have to be moved by to give each side's, below the changes passed so far.
        var (ourShift, theirShift) = (0, 0);
        while (i < ourChanges.Count || j < theirChanges.Count)
        {
            var ours = i < ourChanges.Count ? ourChanges[i] : default(LineChange?);
            var theirs = j < theirChanges.Count ? theirChanges[j] : default(LineChange?);
            if (theirs is null || ours?.BeforeEnd < theirs.Value.BeforeStart)
            {
                var mine = ours!.Value;
                Add(Taken.Ours, mine.BeforeStart, mine.BeforeEnd, mine.AfterStart, mine.AfterEnd, mine.BeforeStart + theirShift, mine.BeforeEnd + theirShift);
                ourShift = mine.AfterEnd - mine.BeforeEnd;
                i++;
                continue;
            }

            if (ours is null || theirs.Value.BeforeEnd < ours.Value.BeforeStart)
            {
                var other = theirs.Value;
                Add(Taken.Theirs, other.BeforeStart, other.BeforeEnd, other.BeforeStart + ourShift, other.BeforeEnd + ourShift, other.AfterStart, other.AfterEnd);
                theirShift = other.AfterEnd - other.BeforeEnd;
                j++;
                continue;
            }

            if (!IsSameChange(ours.Value, theirs.Value)) AddOverlap(ours.Value, theirs.Value);
            // The one that reaches further down may overlap the other side's next change as well.
            var (ourEnd, theirEnd) = (ours.Value.BeforeEnd, theirs.Value.BeforeEnd);
            if (theirEnd <= ourEnd)
            {
                theirShift = theirs.Value.AfterEnd - theirEnd;
                j++;
            }

            if (ourEnd <= theirEnd)
            {
                ourShift = ours.Value.AfterEnd - ourEnd;
                i++;
            }
        }
    }

    private bool IsSameChange(LineChange ours, LineChange theirs) =>
        ours.BeforeStart == theirs.BeforeStart && ours.BeforeCount == theirs.BeforeCount && ours.AfterCount == theirs.AfterCount
        && SameLines(new LineRange(ours.AfterStart, ours.AfterCount), new LineRange(theirs.AfterStart, theirs.AfterCount));

    /// <summary>Both changes over the range that covers them; what lies outside a side's own change is unchanged there.</summary>
    private void AddOverlap(LineChange ours, LineChange theirs)
    {
        var start = Math.Min(ours.BeforeStart, theirs.BeforeStart);
        var end = Math.Max(ours.BeforeEnd, theirs.BeforeEnd);
        Add(
            Taken.Disputed,
            start,
            end,
            ours.AfterStart - (ours.BeforeStart - start),
            ours.AfterEnd + (end - ours.BeforeEnd),
            theirs.AfterStart - (theirs.BeforeStart - start),
            theirs.AfterEnd + (end - theirs.BeforeEnd));
    }

    private void Add(Taken taken, int ancestorStart, int ancestorEnd, int ourStart, int ourEnd, int theirStart, int theirEnd)
    {
        var lines = new MergeRegion(Range(ancestorStart, ancestorEnd), Range(ourStart, ourEnd), Range(theirStart, theirEnd));
        if (_regions.Count > 0 && _regions[^1] is var last && (Touch(last.Lines.Ours, lines.Ours) || Touch(last.Lines.Theirs, lines.Theirs)))
        {
            var joined = new MergeRegion(
                Range(last.Lines.Ancestor.Start, ancestorEnd),
                Range(last.Lines.Ours.Start, ourEnd),
                Range(last.Lines.Theirs.Start, theirEnd));
            _regions[^1] = new Region(last.Taken == taken ? taken : Taken.Disputed, joined);
        }
        else
        {
            _regions.Add(new Region(taken, lines));
        }
    }

    private bool ReadsTheSame(Region region) =>
        // Two empty sides stay disputed, as in git, which looks into a region only if both sides have lines.
        region.Lines.Ours.Count > 0 && SameLines(region.Lines.Ours, region.Lines.Theirs);

    private bool SameLines(LineRange ours, LineRange theirs) =>
        _ours.Numbers.AsSpan(ours.Start, ours.Count).SequenceEqual(_theirs.Numbers.AsSpan(theirs.Start, theirs.Count));

    /// <summary>Our text with their regions put in: all else is either unchanged or the same on both sides.</summary>
    private byte[] Assemble(Action<MergeRegion, List<byte>>? settle = null)
    {
        var content = new List<byte>(_ours.Between(0, _ours.Count).Length);
        var line = 0;
        foreach (var region in _regions)
        {
            var disputed = region.Taken == Taken.Disputed && !ReadsTheSame(region);
            if (region.Taken != Taken.Theirs && !disputed) continue;
            content.AddRange(_ours.Between(line, region.Lines.Ours.Start));
            if (!disputed) content.AddRange(_theirs.Between(region.Lines.Theirs.Start, region.Lines.Theirs.End));
            else if (settle is not null) settle(region.Lines, content);
            line = region.Lines.Ours.End;
        }

        content.AddRange(_ours.Between(line, _ours.Count));
        return [.. content];
    }

    private readonly record struct Region(Taken Taken, MergeRegion Lines);
}
