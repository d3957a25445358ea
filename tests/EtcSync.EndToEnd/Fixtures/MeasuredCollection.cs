namespace EtcSync.EndToEnd.Fixtures;

/// <summary>Tests that measure times: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredCollection
{
    public const string Name = "measured";
}
