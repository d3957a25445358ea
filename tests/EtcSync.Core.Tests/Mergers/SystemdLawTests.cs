using EtcSync.Core.Tests.Mergers.Kinds;

namespace EtcSync.Core.Tests.Mergers;

public sealed class SystemdLawTests() : MergerLaws(new SystemdKind());
