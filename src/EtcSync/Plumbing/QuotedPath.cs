using System.Text;
using EtcSync.Core.Git;

namespace EtcSync.Plumbing;

/// <summary>
/// Paths on lines of their own, as git writes them with core.quotePath off: in double quotes with the escapes of C where
/// a control character, a quote or a backslash is in them. Bytes that are not UTF-8 are escaped as well.
/// </summary>
internal static class QuotedPath
{
    /// <summary>The path as it is printed.</summary>
    public static string Of(string path)
    {
        if (!path.Any(c => char.IsControl(c) || c is '"' or '\\') && GitName.IsUtf8(path)) return path;
        var text = new StringBuilder("\"");
        var bytes = GitName.Encode(path).AsSpan();
        while (!bytes.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done;
            if (valid && !Rune.IsControl(rune) && rune.Value is not ('"' or '\\'))
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var one in bytes[..consumed]) text.Append(Escape(one));
            }

            bytes = bytes[consumed..];
        }

        return text.Append('"').ToString();
    }

    private static string Escape(byte one) => one switch
    {
        (byte)'\a' => "\\a",
        (byte)'\b' => "\\b",
        (byte)'\t' => "\\t",
        (byte)'\n' => "\\n",
        (byte)'\v' => "\\v",
        (byte)'\f' => "\\f",
        (byte)'\r' => "\\r",
        (byte)'"' => "\\\"",
        (byte)'\\' => "\\\\",
        _ => "\\" + Convert.ToString(one, 8).PadLeft(3, '0'),
    };
}
