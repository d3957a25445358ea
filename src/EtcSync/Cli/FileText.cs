using System.Text;
using EtcSync.Core.Text;

namespace EtcSync.Cli;

/// <summary>Contents of files as people can read them.</summary>
internal static class FileText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The content as text; null where it is none: it has a NUL, or is not UTF-8.</summary>
    public static string? Of(ReadOnlySpan<byte> content)
    {
        if (TextMerge.IsBinary(content)) return null;
        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
