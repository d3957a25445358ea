using EtcSync.Core.Policies;

namespace EtcSync.Core.Tests.Policies;

public sealed class CronShapeTests
{
    // From the tutorial of Quartz.
    [Theory]
    [InlineData("0 0 12 * * ?")]
    [InlineData("0 15 10 * * ? 2030")]
    [InlineData("0 0/5 14,18 * * ?")]
    [InlineData("0 10,44 14 ? 3 WED")]
    [InlineData("0 15 10 ? * MON-FRI")]
    [InlineData("0 15 10 L * ?")]
    [InlineData("0 15 10 L-2 * ?")]
    [InlineData("0 15 10 LW * ?")]
    [InlineData("0 15 10 15W * ?")]
    [InlineData("0 15 10 ? * 6L")]
    [InlineData("0 15 10 ? * 6L 2030-2035")]
    [InlineData("0 15 10 ? * 6#3")]
    [InlineData("0 0 12 1/5 * ?")]
    [InlineData("0 11 11 11 nov ?")]
    [InlineData("0  0  12  *  *  ?")]
    public void Expression_of_quartz_is_taken(string text) => Assert.True(CronShape.TryParse(text, out _, out var reason), reason);
}
