namespace EtcSync.Setup;

/// <summary>The example of a policy file that 'etcsync init' writes.</summary>
internal static class SitePolicyTemplate
{
    /// <summary>Its name: behind the shipped files, so that it has the last word.</summary>
    public const string FileName = "60-site.yaml";

    /// <summary>A valid policy file without rules that explains itself.</summary>
    public const string Text = """
        # EtcSync policies of this site: who owns which path, what is held, when to roll out.
        #
        # The policies that ship (identity, account files, what programs rewrite for themselves, …) are in force without being here.
        # All files are read in the order of their names; the last rule that matches a path and says something about a property decides
        # it. A file here with the name of a shipped one replaces that one. Rules without clients and groups are for everybody.
        #
        # Write rules below 'rules:', or take the '#' away from one of these.
        version: 1
        rules:
        #  - paths: [sudoers, sudoers.d/]     # a client may not decide for itself who is root
        #    class: upstream                  # its change is committed, then put back

        #  - path: motd                       # these clients keep their own
        #    clients: [pc01, kiosk-*]
        #    class: client

        #  - path: shadow#root                # where both sides changed root's password, the client's stays
        #    groups: kiosk
        #    on-conflict: client              # or upstream; hold (the default) asks a person

        #  - path: fstab                      # a conflict here stops the whole client, not only the path
        #    hold: client

        #  - paths: [wpa_supplicant/, openvpn/]   # never shown by diff and conflicts
        #    secret: true

        #  - groups: lab                      # rolled out at night
        #    rollout: schedule                # at-once (the default), schedule or manual
        #    cron: "0 30 3 * * ?"             # second minute hour day-of-month month day-of-week

        """;
}
