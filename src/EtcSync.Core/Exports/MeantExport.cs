using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Exports;

/// <summary>An export that EtcSync makes.</summary>
/// <param name="Directory">What is exported.</param>
/// <param name="Client">To whom: an address or a network.</param>
/// <param name="Options">Every option that is written.</param>
/// <param name="Owner">The client whose it is; null for the shared root.</param>
internal sealed record MeantExport(string Directory, string Client, ValueArray<string> Options, ClientName? Owner)
{
    /// <summary>How many characters client and options have.</summary>
    public int Length => Client.Length + Options.Sum(option => option.Length + 1) + 1;

    /// <summary>The line of the file. Nothing in it means anything special in exports(5), so nothing is quoted: directories and options are read from the settings with that alphabet.</summary>
    public override string ToString() => $"{Directory}\t{Client}({string.Join(',', Options)})";
}
