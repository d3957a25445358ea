using System.Buffers.Binary;
using System.Text;

namespace EtcSync.Core.Boot;

/// <summary>What a kernel says about itself.</summary>
public static class KernelImage
{
    /// <summary>The most bytes of a kernel's beginning that are looked at.</summary>
    public const int HeaderSize = 0x200 + 0xFFFF + LongestVersion;

    // The x86 boot protocol (Documentation/arch/x86/boot.rst): "HdrS" at 0x202, and at 0x20E where the version stands, less 0x200.
    private const int MagicOffset = 0x202;
    private const int VersionPointerOffset = 0x20E;
    private const int VersionBase = 0x200;
    private const int LongestVersion = 128;

    /// <summary>The version, such as <c>6.1.0-18-amd64</c>, of a kernel for x86; null where the file is none, or does not say it.</summary>
    /// <param name="beginning">The file's first <see cref="HeaderSize"/> bytes, or all of it.</param>
    public static string? Version(ReadOnlySpan<byte> beginning)
    {
        if (beginning.Length < VersionPointerOffset + 2 || !beginning.Slice(MagicOffset, 4).SequenceEqual("HdrS"u8)) return null;
        var pointer = BinaryPrimitives.ReadUInt16LittleEndian(beginning[VersionPointerOffset..]);
        if (pointer == 0 || VersionBase + pointer >= beginning.Length) return null;
        var text = beginning[(VersionBase + pointer)..];
        text = text[..Math.Min(text.Length, LongestVersion)];
        // Behind the version follow who built it, and when.
        var end = text.IndexOfAny((byte)0, (byte)' ');
        return end > 0 && !text[..end].ContainsAnyExceptInRange((byte)'!', (byte)'~') ? Encoding.ASCII.GetString(text[..end]) : null;
    }
}
