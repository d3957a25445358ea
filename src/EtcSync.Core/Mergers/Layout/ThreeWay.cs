namespace EtcSync.Core.Mergers.Layout;

/// <summary>The merge of a single value.</summary>
internal static class ThreeWay
{
    /// <summary>Which version has the merged value; null where both sides changed it, each in another way.</summary>
    public static DisputeSide? Side<T>(T ancestor, T client, T upstream)
    {
        var equality = EqualityComparer<T>.Default;
        if (equality.Equals(client, upstream) || equality.Equals(client, ancestor)) return DisputeSide.Upstream;
        return equality.Equals(upstream, ancestor) ? DisputeSide.Client : null;
    }

    /// <summary>The merged value of what has no meaning, as the space between two words: upstream's where both changed it.</summary>
    public static T Spacing<T>(T ancestor, T client, T upstream) => Side(ancestor, client, upstream) == DisputeSide.Client ? client : upstream;
}
