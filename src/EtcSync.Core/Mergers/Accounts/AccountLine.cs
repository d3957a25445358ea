using System.Collections.Immutable;
using System.Globalization;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>A line of an account file.</summary>
/// <param name="Text">The line without what ends it.</param>
/// <param name="Ending">What ends it.</param>
/// <param name="Fields">Its fields; default where it is no record (a comment, an empty line, one for NIS).</param>
internal sealed record AccountLine(string Text, string Ending, ImmutableArray<string> Fields)
{
    public bool IsRecord => !Fields.IsDefault;

    public string Name => Fields[0];

    /// <summary>The number, in passwd and group.</summary>
    public uint Id => IdOf(AccountFile.IdField);

    /// <summary>The number of the primary group, in passwd.</summary>
    public uint PrimaryGroup => IdOf(AccountFile.PrimaryGroupField);

    public static AccountLine Record(ImmutableArray<string> fields, string ending) => new(string.Join(':', fields), ending, fields);

    /// <summary>Reads a number; 2^32-1 means "nobody" to the system and is none.</summary>
    public static bool TryReadId(string text, out uint id) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id != uint.MaxValue;

    public AccountLine With(int field, uint id) => Record(Fields.SetItem(field, id.ToString(CultureInfo.InvariantCulture)), Ending);

    public byte[] ToBytes() => FileText.Encode(Text + Ending);

    /// <summary>Whether both say the same, however they end.</summary>
    public bool SaysTheSame(AccountLine other) => Text == other.Text;

    private uint IdOf(int field) => uint.Parse(Fields[field], NumberStyles.None, CultureInfo.InvariantCulture);
}
