using System.Globalization;
using System.Text;

namespace EtcSync.Core.Accounts;

/// <summary>What login.defs(5) says about numbers of accounts.</summary>
/// <param name="FirstUser">UID_MIN, the first number of a user that is no system account.</param>
/// <param name="FirstGroup">GID_MIN, the same for groups.</param>
public sealed record LoginDefinitions(uint FirstUser, uint FirstGroup)
{
    /// <summary>What holds where the file says nothing.</summary>
    public static LoginDefinitions Default { get; } = new(1000, 1000);

    /// <summary>Reads the file. What is no number says nothing; of several lines for one key the last counts.</summary>
    public static LoginDefinitions Parse(ReadOnlySpan<byte> content)
    {
        var found = Default;
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            var words = line.Split((char[])[' ', '\t', '\r', '"', '='], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            if (words[0] == "UID_MIN") found = found with { FirstUser = number };
            else if (words[0] == "GID_MIN") found = found with { FirstGroup = number };
        }

        return found;
    }
}
