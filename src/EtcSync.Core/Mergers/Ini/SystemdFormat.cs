using System.Collections.Frozen;
using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Ini;

/// <summary>
/// The files of systemd: units, drop-ins, its own configuration and that of its network (systemd.syntax(7)). A line that ends with a
/// backslash goes on in the next, comments between do not count.
/// </summary>
internal sealed class SystemdFormat : IniFormat
{
    // Sections that are one, however often they are there. Others may be things of their own each time.
    private static readonly FrozenSet<string> Single = FrozenSet.ToFrozenSet(
        [
            "Automount", "Coredump", "DHCP", "DHCPv4", "DHCPv6", "Home", "Install", "Journal", "Link", "Login", "Manager", "Match", "Mount", "NetDev", "Network", "OOM", "PStore", "Path",
            "Remote", "Resolve", "Scope", "Service", "Sleep", "Slice", "Socket", "Swap", "Time", "Timer", "Unit", "Upload",
        ],
        StringComparer.Ordinal);

    // Sections that are one thing each: half of one address and half of another are none (systemd.network(5), systemd.netdev(5)).
    private static readonly FrozenSet<string> Things = FrozenSet.ToFrozenSet(
        [
            "Address", "BridgeFDB", "BridgeMDB", "BridgeVLAN", "DHCPServerStaticLease", "IPv6AddressLabel", "IPv6PREF64Prefix", "IPv6Prefix", "IPv6RoutePrefix", "L2TPSession",
            "MACsecReceiveAssociation", "MACsecReceiveChannel", "MACsecTransmitAssociation", "Neighbor", "NextHop", "Partition", "Peer", "Route", "RoutingPolicyRule", "SR-IOV", "WireGuardPeer",
        ],
        StringComparer.Ordinal);

    // Keys to which every line adds something of its own. ExecStart= is none of them: most services may have one only. Nor is
    // BindPaths= or LoadCredential=: two lines can be about the same place, or have the same name.
    private static readonly FrozenSet<string> Lists = FrozenSet.ToFrozenSet(
        [
            "After", "Alias", "Also", "Before", "BindsTo", "Conflicts", "DNS", "Documentation", "Domains", "Environment", "EnvironmentFile",
            "ExecReload", "ExecStartPost", "ExecStartPre", "ExecStop", "ExecStopPost", "InaccessiblePaths", "ListenDatagram", "ListenFIFO", "ListenStream", "NTP", "OnCalendar",
            "OnFailure", "OnSuccess", "PartOf", "PassEnvironment", "ReadOnlyPaths", "ReadWritePaths", "RequiredBy", "Requires", "RequiresMountsFor", "Requisite", "SupplementaryGroups",
            "UnsetEnvironment", "UpheldBy", "Upholds", "WantedBy", "Wants", "WantsMountsFor",
        ],
        StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool MayRepeat(string section) => Single.Contains(section);

    /// <inheritdoc/>
    public override string? FindProblem(string section, string line, string name)
    {
        if (section == IniKeys.NoSection) return "stands before the first section";
        if (!line.Contains('=', StringComparison.Ordinal)) return "has no equals sign";
        return name.Length == 0 ? "has no key before the equals sign" : null;
    }

    /// <inheritdoc/>
    public override int? EndOfValue(IReadOnlyList<string> lines, int start)
    {
        var line = start;
        while (line < lines.Count && GoesOn(lines[line]))
        {
            line++;
            while (line < lines.Count && !FileText.IsBlank(lines[line]) && IsBlankOrComment(lines[line])) line++;
        }

        return line < lines.Count ? line + 1 : null;
    }

    /// <inheritdoc/>
    public override IEnumerable<CrossDispute> Check(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged)
    {
        foreach (var cross in base.Check(files, merged)) yield return cross;
        foreach (var section in Things.Where(section => merged.TryGetValue(IniKeys.Header(section, 1), out var header) && !header.IsEmpty).Order(StringComparer.Ordinal))
        {
            var (before, client, upstream) = (Sorted(DisputeSide.Base), Sorted(DisputeSide.Client), Sorted(DisputeSide.Upstream));
            if (!client.SequenceEqual(before) && !upstream.SequenceEqual(before) && !client.SequenceEqual(upstream)) yield return Section(files, section, "Both sides changed the section, which is one thing.");

            IEnumerable<string> Sorted(DisputeSide side) => Texts(files[side], section).Order(StringComparer.Ordinal);
        }
    }

    /// <inheritdoc/>
    protected override bool IsList(string section, string name) => Lists.Contains(name);

    /// <inheritdoc/>
    protected override bool Contradict(string name, ImmutableArray<string> client, ImmutableArray<string> upstream) =>
        name == "Environment" && Variables(client).Intersect(Variables(upstream), StringComparer.Ordinal).Any();

    // More than there are, if a value has an equals sign in it: a dispute too many and not one too few.
    private static IEnumerable<string> Variables(ImmutableArray<string> texts) =>
        texts.SelectMany(text => (ValueOf(text) ?? "").Split([' ', '\t', '\n', '\r', '"', '\''], StringSplitOptions.RemoveEmptyEntries))
            .Where(word => word.Contains('=', StringComparison.Ordinal)).Select(word => word[..word.IndexOf('=', StringComparison.Ordinal)]);

    private static bool GoesOn(string line)
    {
        var text = line.AsSpan().TrimEnd('\r');
        return (text.Length - text.TrimEnd('\\').Length) % 2 == 1;
    }
}
