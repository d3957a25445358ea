return EtcSync.Cli.Application.Run(args, EtcSync.Cli.Terminal.OfProcess(), TimeProvider.System);
