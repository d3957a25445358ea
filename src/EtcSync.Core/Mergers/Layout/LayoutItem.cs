namespace EtcSync.Core.Mergers.Layout;

/// <summary>A piece of a file: a record, or a line that belongs to none (a comment, a blank line).</summary>
/// <param name="Key">What the record is about: the same in every version that has it. Null for a line that is no record.</param>
/// <param name="Text">Its lines, a line feed between them and none at the end (see <see cref="FileText"/>).</param>
internal readonly record struct LayoutItem(string? Key, string Text)
{
    /// <summary>Whether it is a record without text: a place in the file which is not written, and which records are added before or after.</summary>
    public bool IsMark => Key is not null && Text.Length == 0;
}
