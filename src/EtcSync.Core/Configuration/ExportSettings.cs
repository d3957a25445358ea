using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>The NFS exports (exports(5)).</summary>
public sealed record ExportSettings
{
    /// <summary>Whether they are ours to write.</summary>
    public bool Manage { get; init; } = true;

    /// <summary>How clients prove who they are: <c>sys</c>, <c>krb5</c>, <c>krb5i</c> or <c>krb5p</c>.</summary>
    public string Security { get; init; } = "sys";

    /// <summary>Whether every file handle is checked to lie below what is exported.</summary>
    public bool SubtreeCheck { get; init; } = true;

    /// <summary>Further options of the shared root's export.</summary>
    public ValueArray<string> RootOptions { get; init; } = [];

    /// <summary>Further options of the exports of the clients' own /etc.</summary>
    public ValueArray<string> ClientOptions { get; init; } = [];

    /// <summary>The client that may write the shared root's boot directory; null for none.</summary>
    public ClientName? BootBuilder { get; init; }
}
