namespace EtcSync.Core.Etckeeper;

/// <summary>
/// How a <c>.etckeeper</c> spells the paths of its chown, chgrp and chmod lines. (The mkdir lines always have "./".)
/// etckeeper takes what <c>find</c> prints, and strips "./" only on its way through the list of ignored files.
/// </summary>
public enum EtckeeperSpelling
{
    /// <summary><c>'./ssh/sshd_config'</c>: there is no <c>.gitignore</c>, or it ignores nothing that exists.</summary>
    DotSlash = 0,

    /// <summary><c>'ssh/sshd_config'</c>: there is a <c>.gitignore</c> and at least one ignored, untracked path.</summary>
    Stripped = 1,
}
