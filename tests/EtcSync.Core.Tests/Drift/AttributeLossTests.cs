using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Drift;

public sealed class AttributeLossTests
{
    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void MoreThanTheLimit_holdTheClient_andThreeAreNamed() =>
        Assert.Equal("6 of 20 paths have another mode or owner than before (00, 01, 02, …).", Reason(changed: 6, attributesDiffer: true));

    [Fact]
    public void AsManyAsTheLimit_areDrift() => Assert.Null(Reason(changed: 5, attributesDiffer: true));

    [Fact]
    public void WhatWasNeverAsRecorded_isNoDrift_whenOnlyContentChanged() => Assert.Null(Reason(changed: 20, attributesDiffer: false));

    [Fact]
    public void TreeWithoutMetadata_hasNothingToLose() => Assert.Null(Reason(changed: 20, attributesDiffer: true, metadata: "other"));

    // Twenty files, of which a quarter may change.
    private string? Reason(int changed, bool attributesDiffer, string metadata = EtckeeperFile.FileName)
    {
        string[] names = [.. Enumerable.Range(0, 20).Select(number => $"{number:00}")];
        var tree = _objects.Tree([.. names.Select(name => (name, name)), (metadata, EtckeeperHead)]);
        return AttributeLoss.Reason(_objects, new()
        {
            Tree = tree,
            Guards = new(MassLossPercent: 25, MassLossFloor: 0, StaleSaveWindow: TimeSpan.Zero),
            Now = DateTimeOffset.UnixEpoch,
            Scan = new()
            {
                Changes = [],
                Entries = [.. names.Select((name, at) => new ObservedEntry(name, ObservedKind.File, at < changed ? 0x180 : 0x1A4))],
                AttributesDiffer = attributesDiffer,
                Metadata = FileVersion.Absent,
                Findings = [],
                Unreadable = [],
                Index = GitIndex.Of(_objects, tree, statistics: null),
                IndexIsStale = false,
                IsEmpty = false,
            },
        });
    }

    private const string EtckeeperHead = Etckeeper.EtckeeperText.Head;
}
