using System.Buffers;
using System.Text;

namespace EtcSync.Core.Git;

/// <summary>
/// File names as git has them, bytes, in C# strings. Valid UTF-8 is decoded; every other byte becomes a lone surrogate
/// U+DC80..U+DCFF (the "surrogateescape" of Python's PEP 383), so that any name survives a round trip and one that is
/// not UTF-8 can be recognised and reported.
/// </summary>
public static class GitName
{
    /// <summary>Decodes a name.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        Span<char> chars = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
            {
                text.Append(chars[..rune.EncodeToUtf16(chars)]);
            }
            else
            {
                for (var i = 0; i < consumed; i++) text.Append((char)(0xDC00 + bytes[i]));
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    /// <summary>Gives back the bytes of a decoded name.</summary>
    public static byte[] Encode(string name)
    {
        if (IsUtf8(name)) return Encoding.UTF8.GetBytes(name);
        var bytes = new ArrayBufferWriter<byte>(name.Length * 3);
        Span<byte> one = stackalloc byte[4];
        for (var i = 0; i < name.Length; i++)
        {
            if (IsEscape(name[i]) && (i == 0 || !char.IsHighSurrogate(name[i - 1])))
            {
                bytes.Write([(byte)(name[i] - 0xDC00)]);
                continue;
            }

            var rune = Rune.GetRuneAt(name, i);
            bytes.Write(one[..rune.EncodeToUtf8(one)]);
            i += rune.Utf16SequenceLength - 1;
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Whether the name was valid UTF-8.</summary>
    public static bool IsUtf8(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1])) i++;
            else return false;
        }

        return true;
    }

    /// <summary>Compares two names byte by byte, which is how git sorts index entries.</summary>
    public static int Compare(string left, string right)
    {
        var shared = Math.Min(left.Length, right.Length);
        for (var i = 0; i < shared; i++)
        {
            if (left[i] == right[i]) continue;
            // Below the surrogates, UTF-16 and UTF-8 sort alike.
            return left[i] < 0xD800 && right[i] < 0xD800 ? left[i] - right[i] : Encode(left).AsSpan().SequenceCompareTo(Encode(right));
        }

        return left.Length - right.Length;
    }

    private static bool IsEscape(char c) => c is >= '\uDC80' and <= '\uDCFF';
}
