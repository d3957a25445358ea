# EtcSync in a container has one narrow purpose: running the command line and the controller over directories of the host, on
# a server where one does not want to install the .NET runtime. The image holds no configuration and no state; what it works
# on is mounted where EtcSync expects it:
#
#   docker build -t etcsync .
#   docker run -d --name etcsync --restart on-failure --network none \
#     --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add DAC_READ_SEARCH --cap-add FOWNER --cap-add FSETID \
#     -v /srv:/srv -v /var/lib/etcsync:/var/lib/etcsync -v /etc/etcsync:/etc/etcsync \
#     -v /var/lib/etcsync-dnsmasq:/var/lib/etcsync-dnsmasq -v /etc/exports.d:/etc/exports.d -v /etc/dnsmasq.d:/etc/dnsmasq.d \
#     -v /etc/exports:/etc/exports:ro -v /etc/dnsmasq.conf:/etc/dnsmasq.conf:ro -v /etc/hosts:/etc/hosts:ro \
#     etcsync
#   docker exec etcsync etcsync status
#
# The capabilities are those of root over files: any owner (CHOWN), any mode (FOWNER, FSETID), and the files of a client's users
# (DAC_OVERRIDE, DAC_READ_SEARCH). User namespaces must not be remapped: owners in the clones are the clients' own.
# The seccomp profile must allow openat2 (the default ones of current Docker and Podman do); without it
# EtcSync opens nothing in a client's tree, and says so. /srv is mounted whole, because files cannot be renamed from one mount to
# another.
#
# NFS and DHCP servers are the host's. EtcSync writes their files from here, once 'etcsync server apply' was said, and can neither try
# them out nor tell anybody: it says so each time, and then 'exportfs -ra' and 'systemctl restart dnsmasq' are to be run on the host. The
# host's exports, dnsmasq.conf and hosts are mounted to be read, because what others wrote there is compared; so the host's dnsmasq.conf
# has to include /etc/dnsmasq.d by itself, and 'names.etc-hosts' stays off. For a server that does this all day, install the program on it;
# with 'manage: false' below exports, dhcp and boot, this image leaves all of that alone.

# The .NET 10.0 images are Ubuntu 24.04 ("noble"), which has libgit2 1.7.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY . .
RUN bash src/publish.sh

FROM mcr.microsoft.com/dotnet/runtime:10.0-noble
RUN apt-get update \
 && apt-get install -y --no-install-recommends git libgit2-1.7 openssh-client \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/out/etcsync /usr/local/bin/etcsync
ENV DOTNET_EnableDiagnostics=0
# SIGTERM lets the controller finish the client in hand, which takes up to ten seconds: stop it with 'docker stop -t 15'.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/etcsync"]
CMD ["run"]
