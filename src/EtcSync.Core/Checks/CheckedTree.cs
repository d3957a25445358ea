using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Checks;

/// <summary>
/// A client's tree as a checker gets it: whole, because configuration includes other files; but what is secret and what
/// makes the client itself is withheld, so that no word of the checker can tell of it, and so that clients which differ
/// in nothing else are checked once. A file that is checked itself is shown to its own check.
/// </summary>
public sealed class CheckedTree
{
    private const int KeyPermissions = 0x180; // 0600
    private static readonly RepoPath Ssh = RepoPath.Parse("ssh");
    // Where upstream tracks none, the clients make these at their first boot; sshd says nothing about a configuration without any.
    private static readonly string[] HostKeys = ["ssh/ssh_host_ecdsa_key", "ssh/ssh_host_ed25519_key", "ssh/ssh_host_rsa_key"];

    private CheckedTree(ImmutableArray<CheckedEntry> entries, bool showsSecrets) => (Entries, ShowsSecrets, Digest) = (entries, showsSecrets, DigestOf(entries));

    /// <summary>What a checker finds; directories come before what is in them.</summary>
    public ImmutableArray<CheckedEntry> Entries { get; }

    /// <summary>Whether a secret is shown, because it is what is checked: then nothing that the checker says may be told.</summary>
    public bool ShowsSecrets { get; }

    /// <summary>A number that two trees share only if a checker would find the same in both.</summary>
    public string Digest { get; }

    /// <summary>The tree of a client as a check gets it.</summary>
    public static CheckedTree Of(IObjectReader objects, AttributedTree tree, Func<RepoPath, PathPolicy> policy, CheckCommand check) =>
        new Walk(objects, tree.Metadata, policy, check).Run(tree.Tree);

    private static string DigestOf(ImmutableArray<CheckedEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[16];
        Span<byte> id = stackalloc byte[ObjectId.Size];
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers, Encoding.UTF8.GetByteCount(entry.Path));
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], (int)entry.Mode);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], entry.Permissions);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], (int)entry.Content);
            hash.AppendData(numbers);
            hash.AppendData(Encoding.UTF8.GetBytes(entry.Path));
            entry.Id.CopyTo(id);
            hash.AppendData(id);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Walk(IObjectReader objects, EtckeeperFile metadata, Func<RepoPath, PathPolicy> policy, CheckCommand check)
    {
        private readonly List<CheckedEntry> _entries = [];
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private bool _showsSecrets;

        public CheckedTree Run(ObjectId tree)
        {
            Add(tree, null);
            AddEmptyDirectories();
            if (TreeDiff.FindEntry(objects, tree, Ssh) is { Mode: EntryMode.Directory })
            {
                foreach (var key in HostKeys) Add(new CheckedEntry(key, EntryMode.File, KeyPermissions, CheckedContent.ThrowawayKey));
            }

            return new([.. _entries], _showsSecrets);
        }

        private void Add(CheckedEntry entry)
        {
            if (_known.Add(entry.Path)) _entries.Add(entry);
        }

        private void Add(ObjectId tree, RepoPath? at)
        {
            foreach (var entry in objects.ReadTree(tree).Entries)
            {
                if (!RepoPath.IsComponent(entry.Name) || !GitName.IsUtf8(entry.Name)) continue;
                var path = RepoPath.Join(at, entry.Name);
                switch (entry.Mode)
                {
                    case EntryMode.Directory:
                        Add(new CheckedEntry(path.Value, entry.Mode, TreeAttributes.OfDirectory(metadata.Find(path.Value)).Mode));
                        Add(entry.Id, path);
                        break;
                    case EntryMode.SymbolicLink:
                        Add(new CheckedEntry(path.Value, entry.Mode, 0, Id: entry.Id));
                        break;
                    // It names files of which each client has others, and nothing reads it.
                    case EntryMode.File or EntryMode.Executable when path.Value != EtckeeperFile.FileName:
                        AddFile(path, entry);
                        break;
                }
            }
        }

        private void AddFile(RepoPath path, TreeEntry entry)
        {
            var said = policy(path);
            var permissions = TreeAttributes.OfFile(metadata.Find(path.Value), entry.Mode).Mode;
            var isChecked = said.Check == check;
            if (isChecked || !(said.Secret || said.Class == PathClass.Client))
            {
                _showsSecrets |= isChecked && said.Secret;
                Add(new CheckedEntry(path.Value, entry.Mode, permissions, Id: entry.Id));
                return;
            }

            // What belongs to a private key would not fit the one in its place.
            if (path.Name.EndsWith(".pub", StringComparison.Ordinal)) return;
            Add(new CheckedEntry(path.Value, entry.Mode, permissions, IsPrivateKey(objects.ReadBlob(entry.Id)) ? CheckedContent.ThrowawayKey : CheckedContent.Nothing));
        }

        private void AddEmptyDirectories()
        {
            foreach (var text in metadata.EmptyDirectories)
            {
                if (!RepoPath.TryParse(text, out _)) continue;
                for (var slash = text.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = text.IndexOf('/', slash + 1)) AddDirectory(text[..slash]);
                AddDirectory(text);
            }
        }

        private void AddDirectory(string path) => Add(new CheckedEntry(path, EntryMode.Directory, TreeAttributes.OfDirectory(metadata.Find(path)).Mode));
    }

    // The first line of every private key in PEM's armour (RFC 7468) and in OpenSSH's.
    private static bool IsPrivateKey(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("-----BEGIN "u8)) return false;
        var end = content.IndexOf((byte)'\n');
        return (end < 0 ? content : content[..end]).IndexOf("PRIVATE KEY-----"u8) > 0;
    }
}
