using System.Globalization;
using System.Net;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Exports;

/// <summary>
/// To whom something is exported, by the rules of exports(5), "Machine Name Formats": an address is a host, a slash makes a network,
/// '*', '?' and '[' a pattern for names, '@' a netgroup.
/// </summary>
public abstract record ExportClient
{
    private ExportClient()
    {
    }

    /// <summary>Reads a client of an export; what is nothing else is the name of a host.</summary>
    public static ExportClient Parse(string text)
    {
        if (text is "" or "*") return new Everybody();
        if (text.StartsWith("gss/", StringComparison.Ordinal)) return new Everybody();
        if (text[0] == '@') return new Netgroup(text[1..]);
        foreach (var c in text)
        {
            if (c is '*' or '?' or '[') return new Pattern(text);
            if (c == '/') return ParseNetwork(text) is { } network ? network : new Host(text);
        }

        return IPAddress.TryParse(text, out var address) ? new Machine(address) : new Host(text);
    }

    /// <summary>Who it is, for a sentence.</summary>
    public abstract string Describe();

    /// <summary>Whether an address is surely among them; of names nobody can tell.</summary>
    public virtual bool Covers(IPAddress address) => false;

    /// <summary>Whether all of them are surely in one of some networks.</summary>
    public virtual bool IsWithin(IReadOnlyList<IPNetwork> networks) => false;

    /// <summary>The one address that it means; null where it means several, or names.</summary>
    public virtual IPAddress? Single => null;

    private static Network? ParseNetwork(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(text.AsSpan(0, slash), out var address)) return null;
        var bits = 8 * address.GetAddressBytes().Length;
        var mask = text[(slash + 1)..];
        if (mask.Length == 0) return new(address, Ones(bits, 0));
        if (int.TryParse(mask, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return length <= bits ? new(address, Ones(bits, length)) : null;
        return mask.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(mask, out var written) && written.AddressFamily == address.AddressFamily ? new(address, written) : null;
    }

    private static IPAddress Ones(int bits, int length)
    {
        var bytes = new byte[bits / 8];
        for (var bit = 0; bit < length; bit++) bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return new(bytes);
    }

    /// <summary>Every machine that reaches the server.</summary>
    public sealed record Everybody : ExportClient
    {
        /// <inheritdoc/>
        public override string Describe() => "every machine that can reach the server";

        /// <inheritdoc/>
        public override bool Covers(IPAddress address) => true;
    }

    /// <summary>The machine that has an address.</summary>
    /// <param name="Address">The address.</param>
    public sealed record Machine(IPAddress Address) : ExportClient
    {
        /// <inheritdoc/>
        public override IPAddress? Single => Address;

        /// <inheritdoc/>
        public override string Describe() => $"the machine with the address {Address}";

        /// <inheritdoc/>
        public override bool Covers(IPAddress address) => Address.Equals(address);

        /// <inheritdoc/>
        public override bool IsWithin(IReadOnlyList<IPNetwork> networks) => networks.Any(network => network.Contains(Address));
    }

    /// <summary>All machines whose address is the same as this one where the mask has bits.</summary>
    /// <param name="Address">An address of the network, which need not be its lowest.</param>
    /// <param name="Mask">The mask, of the same family.</param>
    public sealed record Network(IPAddress Address, IPAddress Mask) : ExportClient
    {
        /// <inheritdoc/>
        public override IPAddress? Single => Length == 8 * Mask.GetAddressBytes().Length ? Address : null;

        /// <inheritdoc/>
        public override string Describe() => Single is { } one ? $"the machine with the address {one}" : $"every machine in {Text}";

        /// <inheritdoc/>
        public override bool Covers(IPAddress address) => address.AddressFamily == Address.AddressFamily && Masked(address).Equals(Base);

        /// <inheritdoc/>
        public override bool IsWithin(IReadOnlyList<IPNetwork> networks) =>
            Length is { } length && networks.Any(network => network.BaseAddress.AddressFamily == Address.AddressFamily && network.PrefixLength <= length && network.Contains(Base));

        /// <summary>The network; null where the mask has holes.</summary>
        public IPNetwork? Whole => Length is { } length ? new(Base, length) : null;

        /// <summary>Whether it is this network and no other.</summary>
        public bool Is(IPNetwork network) => Length == network.PrefixLength && Base.Equals(network.BaseAddress);

        private string Text => Length is { } length ? $"{Base}/{length}" : $"{Base}/{Mask}";

        private IPAddress Base => Masked(Address);

        // The mask's length; null where it has holes.
        private int? Length
        {
            get
            {
                var bytes = Mask.GetAddressBytes();
                var length = bytes.TakeWhile(b => b == 0xff).Count() * 8;
                for (var bit = length; bit < 8 * bytes.Length && (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0; bit++) length++;
                return Mask.Equals(Ones(8 * bytes.Length, length)) ? length : null;
            }
        }

        private IPAddress Masked(IPAddress address)
        {
            var bytes = address.GetAddressBytes();
            var mask = Mask.GetAddressBytes();
            for (var i = 0; i < bytes.Length; i++) bytes[i] &= mask[i];
            return new(bytes);
        }
    }

    /// <summary>The machine that a name leads to.</summary>
    /// <param name="Name">The name.</param>
    public sealed record Host(string Name) : ExportClient
    {
        /// <inheritdoc/>
        public override string Describe() => $"the machine called {Quoted.Text(Name)}";
    }

    /// <summary>All machines whose name, which whoever answers for their addresses can choose, fits a pattern.</summary>
    /// <param name="Glob">The pattern.</param>
    public sealed record Pattern(string Glob) : ExportClient
    {
        /// <inheritdoc/>
        public override string Describe() => $"every machine with a name like {Quoted.Text(Glob)}";
    }

    /// <summary>The members of a netgroup.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Netgroup(string Name) : ExportClient
    {
        /// <inheritdoc/>
        public override string Describe() => $"every member of the netgroup {Quoted.Text(Name)}";
    }
}
