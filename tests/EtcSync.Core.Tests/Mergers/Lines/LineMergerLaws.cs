using EtcSync.Core.Tests.Mergers.Kinds;

namespace EtcSync.Core.Tests.Mergers.Lines;

public sealed class AssignmentsLaws() : MergerLaws(new AssignmentsKind());

public sealed class FstabLaws() : MergerLaws(new FstabKind());

public sealed class GitIgnoreLaws() : MergerLaws(new GitIgnoreKind());

public sealed class HostsLaws() : MergerLaws(new HostsKind());

public sealed class LineSetLaws() : MergerLaws(new LineSetKind());

public sealed class LocaleGenLaws() : MergerLaws(new LocaleGenKind());

public sealed class MailAliasesLaws() : MergerLaws(new MailAliasesKind());

public sealed class ModulesLaws() : MergerLaws(new ModulesKind());

public sealed class NetworksLaws() : MergerLaws(new NetworksKind());

public sealed class ProtocolsLaws() : MergerLaws(new ProtocolsKind());

public sealed class RpcLaws() : MergerLaws(new RpcKind());

public sealed class ServicesLaws() : MergerLaws(new ServicesKind());

public sealed class SubordinateIdsLaws() : MergerLaws(new SubordinateIdsKind());

public sealed class SysctlLaws() : MergerLaws(new SysctlKind());
