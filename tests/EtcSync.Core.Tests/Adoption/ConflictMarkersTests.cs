using System.Text;
using EtcSync.Core.Adoption;

namespace EtcSync.Core.Tests.Adoption;

public sealed class ConflictMarkersTests
{
    [Theory]
    [InlineData("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> origin/master\nd\n", 2)]
    [InlineData("<<<<<<< HEAD\r\nb\r\n||||||| base\r\nx\r\n=======\r\nc\r\n>>>>>>> theirs", 1)]
    [InlineData("title\n=======\ntext\n", 0)]
    [InlineData("<<<<<<< only\n", 0)]
    [InlineData("# <<<<<<< HEAD\n=======\n>>>>>>> x\n", 0)]
    [InlineData("<<<<<<<<<< more\n=======\n>>>>>>> x\n", 0)]
    [InlineData("", 0)]
    public void FindIn_gives_the_first_line_of_a_conflict(string text, int line) => Assert.Equal(line, ConflictMarkers.FindIn(Encoding.UTF8.GetBytes(text)));
}
