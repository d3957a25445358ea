using System.Net;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Names;

/// <summary>A line of hosts(5).</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Address">The address.</param>
/// <param name="Names">The names it stands for, the canonical one first.</param>
public sealed record HostsEntry(string File, int Line, IPAddress Address, ValueArray<string> Names);
