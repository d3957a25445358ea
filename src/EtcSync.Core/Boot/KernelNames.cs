namespace EtcSync.Core.Boot;

/// <summary>Orders names of kernels as people count versions: 6.9 before 6.10.</summary>
internal sealed class KernelNames : IComparer<string>
{
    private KernelNames()
    {
    }

    public static KernelNames ByVersion { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (x ?? "", y ?? "");
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                var (one, other) = (Number(left, ref i), Number(right, ref j));
                var order = one.Length != other.Length ? one.Length.CompareTo(other.Length) : string.CompareOrdinal(one, other);
                if (order != 0) return order;
            }
            else if (left[i] != right[j])
            {
                return left[i].CompareTo(right[j]);
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        var rest = (left.Length - i).CompareTo(right.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    // Its digits without leading zeros: longer is larger.
    private static string Number(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text[start..at].TrimStart('0');
    }
}
