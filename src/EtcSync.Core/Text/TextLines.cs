namespace EtcSync.Core.Text;

/// <summary>
/// A text cut into lines. A line includes its terminator, so a last line without one differs from the same line with
/// it; a carriage return is content. Lines are numbered by <see cref="LineInterner"/>: two lines of texts that went
/// through the same interner are equal exactly if their numbers are.
/// </summary>
internal sealed class TextLines
{
    private readonly byte[] _text;
    private readonly int[] _starts;

    internal TextLines(byte[] text, int[] starts, int[] numbers)
    {
        _text = text;
        _starts = starts;
        Numbers = numbers;
    }

    public int[] Numbers { get; }

    public int Count => Numbers.Length;

    /// <summary>The bytes of the lines from <paramref name="start"/> up to <paramref name="end"/>, which is not included.</summary>
    public ReadOnlySpan<byte> Between(int start, int end) => _text.AsSpan(_starts[start], _starts[end] - _starts[start]);
}

/// <summary>Gives equal lines equal numbers, across all the texts it is handed.</summary>
internal sealed class LineInterner
{
    private int[] _slots = new int[256];
    private Entry[] _entries = new Entry[128];

    /// <summary>How many different lines were met; numbers run from 0 to one below this.</summary>
    public int Distinct { get; private set; }

    public TextLines Read(byte[] text)
    {
        var count = text.AsSpan().Count((byte)'\n');
        if (text.Length > 0 && text[^1] != '\n') count++;
        var starts = new int[count + 1];
        var numbers = new int[count];
        var position = 0;
        for (var line = 0; line < count; line++)
        {
            starts[line] = position;
            var length = text.AsSpan(position).IndexOf((byte)'\n') + 1;
            if (length == 0) length = text.Length - position;
            numbers[line] = NumberOf(text, position, length);
            position += length;
        }

        starts[count] = position;
        return new TextLines(text, starts, numbers);
    }

    private int NumberOf(byte[] text, int start, int length)
    {
        var line = text.AsSpan(start, length);
        // Seeded per process: nobody can prepare a file whose lines all fall into one slot.
        var hasher = new HashCode();
        hasher.AddBytes(line);
        var hash = hasher.ToHashCode();
        var mask = _slots.Length - 1;
        for (var slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            var number = _slots[slot] - 1;
            if (number < 0)
            {
                _slots[slot] = Add(new Entry(hash, text, start, length)) + 1;
                if (Distinct * 2 > _slots.Length) Grow();
                return Distinct - 1;
            }

            ref readonly var entry = ref _entries[number];
            if (entry.Hash == hash && line.SequenceEqual(entry.Text.AsSpan(entry.Start, entry.Length))) return number;
        }
    }

    private int Add(Entry entry)
    {
        if (Distinct == _entries.Length) Array.Resize(ref _entries, Distinct * 2);
        _entries[Distinct] = entry;
        return Distinct++;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 4];
        var mask = _slots.Length - 1;
        for (var number = 0; number < Distinct; number++)
        {
            var slot = _entries[number].Hash & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = number + 1;
        }
    }

    private readonly record struct Entry(int Hash, byte[] Text, int Start, int Length);
}
