using EtcSync.Core.Tests.Mergers.Kinds;

namespace EtcSync.Core.Tests.Mergers;

public sealed class IniLawTests() : MergerLaws(new IniKind());
