#!/bin/sh
# EtcSync: gives a diskless client a root that it can write to, and its own /etc. Sourced by the hooks of mkinitcpio and
# initramfs-tools; written for the shells of initial file systems (busybox ash, dash), with nothing but mount(8), mount.nfs(8),
# umount, mkdir, sleep and modprobe beside them. Installed by 'etcsync boot install', which also replaces it.
#
# Kernel arguments:
#   etc=SERVER:PATH   the client's own /etc. In it, HOSTNAME stands for the name that DHCP gave, IPV4ADDR for the address, and
#                     IPV4ADDRHEX for the address in hexadecimal (192.168.1.50 is C0A80132). etc=none: boot on the shared /etc.
#   etcopts=OPTIONS   further options of the NFS mount, such as vers=3; they count before the usual ones.
#   etccheck=off      do not compare /etc/hostname with the name that DHCP gave.
#
# A client that cannot mount its own /etc waits here, and never goes on with somebody else's: with upstream's it would have
# upstream's identity, keys and services.

PATH=$PATH:/usr/sbin:/sbin
etcsync_proc=/proc
etcsync_run=/run/etcsync
# What the server changes must be seen soon. A client that looked for a file and found none remembers that for up to a minute
# (lookupcache=all); with lookupcache=positive it asks again. Attributes and directories are believed for 3 seconds.
# retry=0: one try, so that each failure is told; it is this script that tries again.
etcsync_defaults=rw,nolock,lookupcache=positive,actimeo=3,retry=0
etcsync_pause=5

etcsync_say() {
    printf 'etcsync: %s\n' "$*" >&2
}

# Never returns: what is wrong does not get better by waiting.
etcsync_stop() {
    while :; do
        etcsync_say "$*"
        etcsync_say "This machine has stopped, because it must not run with somebody else's /etc. Put it right on the server, and start the machine again."
        sleep 60
    done
}

# Sets etcsync_etc, etcsync_options, etcsync_check and etcsync_root from the kernel's command line; the last of several counts.
etcsync_read_arguments() {
    etcsync_etc='' etcsync_options='' etcsync_check='' etcsync_root=''
    read -r etcsync_line < "$etcsync_proc/cmdline" || :
    set -f
    for etcsync_word in $etcsync_line; do
        case $etcsync_word in
            etc=*) etcsync_etc=${etcsync_word#etc=} ;;
            etcopts=*) etcsync_options=${etcsync_word#etcopts=} ;;
            etccheck=*) etcsync_check=${etcsync_word#etccheck=} ;;
            nfsroot=*) etcsync_root=${etcsync_word#nfsroot=} ;;
        esac
    done
    set +f
}

# Sets etcsync_name and etcsync_address from what the DHCP client wrote: klibc's ipconfig (net-eth0.conf) or systemd-networkd (a
# lease). The files are read and not sourced, because what is in them came over the network.
etcsync_read_leases() {
    etcsync_name='' etcsync_address=''
    for etcsync_file; do
        [ -r "$etcsync_file" ] || continue
        etcsync_found='' etcsync_at=''
        while read -r etcsync_line || [ -n "$etcsync_line" ]; do
            etcsync_value=${etcsync_line#*=}
            etcsync_value=${etcsync_value#[\"\']}
            etcsync_value=${etcsync_value%[\"\']}
            case $etcsync_line in
                HOSTNAME=*) etcsync_found=${etcsync_value%%.*} ;;
                IPV4ADDR=* | ADDRESS=*) etcsync_at=$etcsync_value ;;
            esac
        done < "$etcsync_file"
        case $etcsync_at in
            '' | *[!0-9.]*) continue ;;
        esac
        case $etcsync_found in
            *[!a-z0-9-]* | -* | *-) etcsync_stop "DHCP gave a name that no client can have." ;;
        esac
        [ -z "$etcsync_name" ] || [ -z "$etcsync_found" ] || [ "$etcsync_name" = "$etcsync_found" ] ||
            etcsync_stop "DHCP gave this machine two names, $etcsync_name and $etcsync_found. Give it one in the inventory, with all its network cards."
        [ -n "$etcsync_name" ] && continue
        etcsync_name=$etcsync_found etcsync_address=$etcsync_at
    done
}

# Sets etcsync_text to $1 with $3 in place of each $2.
etcsync_replace() {
    etcsync_text='' etcsync_rest=$1
    while :; do
        case $etcsync_rest in
            *"$2"*)
                etcsync_text=$etcsync_text${etcsync_rest%%"$2"*}$3
                etcsync_rest=${etcsync_rest#*"$2"}
                ;;
            *) break ;;
        esac
    done
    etcsync_text=$etcsync_text$etcsync_rest
}

# Sets etcsync_source to what must be mounted on /etc.
etcsync_find_source() {
    etcsync_source=$etcsync_etc
    case $etcsync_source in
        '') etcsync_stop "The kernel was given no etc=. Add etc=SERVER:/srv/etc-HOSTNAME to the boot loader's configuration; etc=none boots on the shared /etc." ;;
        *:/*) ;;
        *) etcsync_stop "etc=$etcsync_source is not SERVER:/PATH." ;;
    esac
    case $etcsync_source in
        *IPV4ADDR*)
            [ -n "$etcsync_address" ] || etcsync_stop "etc=$etcsync_source needs this machine's address, and DHCP gave none."
            etcsync_saved=$IFS
            IFS=.
            # Four numbers of digits and dots only, as was checked where they were read.
            # shellcheck disable=SC2086
            set -- $etcsync_address
            IFS=$etcsync_saved
            [ $# -eq 4 ] || etcsync_stop "DHCP gave the address $etcsync_address, which is none."
            etcsync_replace "$etcsync_source" IPV4ADDRHEX "$(printf '%02X%02X%02X%02X' "$@")"
            etcsync_replace "$etcsync_text" IPV4ADDR "$etcsync_address"
            etcsync_source=$etcsync_text
            ;;
    esac
    case $etcsync_source in
        *HOSTNAME*)
            [ -n "$etcsync_name" ] || etcsync_stop "etc=$etcsync_etc needs this machine's name, and DHCP gave none. Is this machine in the inventory, and does another DHCP server answer in this network?"
            etcsync_replace "$etcsync_source" HOSTNAME "$etcsync_name"
            etcsync_source=$etcsync_text
            ;;
    esac
}

# Sets etcsync_text to the first label of the first line of a file; to nothing where there is none.
etcsync_read_name() {
    etcsync_text=''
    if [ -f "$1" ] && [ ! -L "$1" ]; then read -r etcsync_text < "$1" || :; fi
    etcsync_text=${etcsync_text%%.*}
}

# Mounts NFS, for as long as it takes.
etcsync_mount() { # SOURCE DIRECTORY OPTIONS
    etcsync_tries=0
    until mount.nfs "$1" "$2" -o "$3"; do
        etcsync_tries=$((etcsync_tries + 1))
        etcsync_say "Could not mount $1 (try $etcsync_tries). Is the server up, and does it export that to ${etcsync_address:-this machine} ('exportfs -v' there)? It is tried again, because this machine must not run without it."
        sleep "$etcsync_pause"
    done
}

# Lays a file system in memory over the shared root, which is read-only and stays where it is: $etcsync_run/lower.
etcsync_overlay() { # ROOT
    modprobe -q overlay 2> /dev/null
    # Systemd makes /sysroot only where it mounts it itself.
    mkdir -p "$etcsync_run/upper" "$1"
    mount -t tmpfs -o mode=0755 tmpfs "$etcsync_run/upper" || etcsync_stop "Could not mount a file system in memory."
    mkdir -p "$etcsync_run/upper/root" "$etcsync_run/upper/work"
    mount -t overlay -o "lowerdir=$etcsync_run/lower,upperdir=$etcsync_run/upper/root,workdir=$etcsync_run/upper/work" overlay "$1" ||
        etcsync_stop "Could not lay an overlay over the shared root. Has the kernel the module 'overlay'?"
}

# Mounts the client's own /etc on ROOT/etc, and looks whether it is that.
etcsync_own_etc() { # ROOT
    if [ "$etcsync_etc" = none ]; then
        etcsync_say "etc=none: this machine runs on the shared /etc."
        return 0
    fi
    etcsync_find_source
    etcsync_read_name "$1/etc/hostname"
    etcsync_shared=$etcsync_text
    modprobe -q nfsv4 2> /dev/null
    modprobe -q nfsv3 2> /dev/null
    etcsync_mount "$etcsync_source" "$1/etc" "$etcsync_defaults${etcsync_options:+,$etcsync_options}"
    [ -f "$1/etc/passwd" ] || etcsync_reject "$1" "$etcsync_source has no passwd in it: it is no client's /etc. Is the clone there ('etcsync status')?"
    # A clone has its client's name, or where policy says so the name that upstream has. Any other is another client's.
    etcsync_read_name "$1/etc/hostname"
    case $etcsync_text in
        '' | "$etcsync_name" | "$etcsync_shared") ;;
        *)
            case $etcsync_text in *[!A-Za-z0-9-]*) etcsync_text='(no name)' ;; esac
            [ -z "$etcsync_name" ] || [ "$etcsync_check" = off ] ||
                etcsync_reject "$1" "$etcsync_source has the hostname $etcsync_text in it, and this machine is $etcsync_name: it is another machine's /etc. If it is meant so, boot with etccheck=off."
            ;;
    esac
    [ -z "$etcsync_name" ] || printf '%s\n' "$etcsync_name" > "$etcsync_proc/sys/kernel/hostname"
    etcsync_say "/etc is $etcsync_source"
}

etcsync_reject() { # ROOT MESSAGE
    umount "$1/etc"
    etcsync_stop "$2"
}

# For an initial file system that has mounted the shared root at ROOT already.
etcsync_take_over() { # ROOT LEASE...
    etcsync_top=$1
    shift
    etcsync_read_arguments
    # The same image may start a machine from its disk.
    [ -n "$etcsync_root" ] || [ -n "$etcsync_etc" ] || return 0
    [ -d "$etcsync_top/etc" ] || etcsync_stop "The shared root is not mounted: $etcsync_top has no etc."
    etcsync_read_leases "$@"
    mkdir -p "$etcsync_run/lower"
    mount -n -o move "$etcsync_top" "$etcsync_run/lower" || etcsync_stop "Could not move the shared root to $etcsync_run/lower."
    etcsync_overlay "$etcsync_top"
    etcsync_own_etc "$etcsync_top"
}

# For one that leaves the shared root to us, and goes on asking for an address.
etcsync_mount_all() { # ROOT DIRECTORY-OF-LEASES
    etcsync_top=$1
    etcsync_read_arguments
    case $etcsync_root in
        *:/*) ;;
        *) etcsync_stop "nfsroot=$etcsync_root is not SERVER:/PATH." ;;
    esac
    etcsync_read_leases "$2"/*
    while [ -z "$etcsync_address" ]; do
        # An address that the command line gives needs no lease; a name that DHCP gives does.
        case $etcsync_etc in
            *HOSTNAME* | *IPV4ADDR*) ;;
            *) break ;;
        esac
        etcsync_say "DHCP gave no address yet. Is this machine in the inventory, its cable in, and the driver of its network card in the image?"
        sleep "$etcsync_pause"
        etcsync_read_leases "$2"/*
    done
    modprobe -q nfsv3 2> /dev/null
    mkdir -p "$etcsync_run/lower"
    case $etcsync_root in
        *,*) etcsync_further=,${etcsync_root#*,} ;;
        *) etcsync_further='' ;;
    esac
    # NFSv4's access lists do not go well with an overlay, and version 3 has none where they are turned off.
    etcsync_mount "${etcsync_root%%,*}" "$etcsync_run/lower" "ro,nolock,vers=3,noacl,retry=0$etcsync_further"
    etcsync_overlay "$etcsync_top"
    etcsync_own_etc "$etcsync_top"
}
