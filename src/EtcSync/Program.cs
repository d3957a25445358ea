return args is [EtcSync.Checks.CheckCell.Word, ..]
    ? EtcSync.Checks.CheckCell.Run(args)
    : EtcSync.Cli.Application.Run(args, EtcSync.Cli.Terminal.OfProcess(), TimeProvider.System);
