using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>
/// A cluster's directories as those of a machine: each command runs in mount and network namespaces of its own, in which /srv, /etc and
/// /var/lib are the cluster's. /etc begins as a copy of this machine's, without its exports.
/// </summary>
internal sealed class OwnMachine
{
    private const string Enter = """
        mount --bind "$1/srv" /srv && mount --bind "$1/var/lib" /var/lib && mount --bind "$1/etc" /etc || exit 99
        shift
        exec "$@"
        """;

    private readonly Cluster _cluster;

    /// <summary>Makes it of a cluster.</summary>
    public OwnMachine(Cluster cluster)
    {
        _cluster = cluster;
        Tool.Run("sh", "-c", "cp -a --update=none /etc/. \"$1/etc\" 2>/dev/null || cp -an /etc/. \"$1/etc\"", "sh", cluster.Root);
        Directory.CreateDirectory(Place("/var/lib/nfs"));
        Directory.Delete(Directory.CreateDirectory(Place("/etc/exports.d")).FullName, recursive: true);
        foreach (var file in (string[])["/var/lib/nfs/etab", "/var/lib/nfs/rmtab", "/etc/exports"]) File.WriteAllText(Place(file), "");
    }

    /// <summary>Directories that are searched for programs before this machine's.</summary>
    public string Programs { get; set; } = ServerPrograms.Programs;

    /// <summary>Where a file of the machine is.</summary>
    public string Place(string path) => _cluster.Root + path;

    /// <summary>Runs a program.</summary>
    public (int Code, string Output) Run(string program, params string[] arguments)
    {
        var (code, output, error) = Tool.Try("env", ["PATH=" + Programs + ":" + Environment.GetEnvironmentVariable("PATH"), "unshare", "--mount", "--net", "sh", "-c", Enter, "sh", _cluster.Root, program, .. arguments]);
        return (code, output + error);
    }

    /// <summary>Runs etcsync.</summary>
    public (int Code, string Output) Etcsync(params string[] arguments) => Run(RunningProgram.Dotnet, [RunningProgram.Assembly, .. arguments]);
}
