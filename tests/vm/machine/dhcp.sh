#!/usr/bin/env bash
# DHCP and TFTP for machines on a bridge: dhcp.sh FOLDER BRIDGE NETWORK URL HOSTSDIR
#   FOLDER    has vmlinuz and initrd (ramdisk.sh); boot.ipxe, leases and dnsmasq.conf are written there
#   NETWORK   the first three numbers of the bridge's /24; NETWORK.1 is ours
#   URL       to which the ramdisk reports
#   HOSTSDIR  the inspector's [dnsmasq_pxe_filter]dhcp_hostsdir: who may boot
# Becomes dnsmasq, in the foreground, its log on standard error.
set -euo pipefail
folder=$(realpath "$1") bridge=$2 network=$3 url=$4 hosts=$5  # TFTP refuses `..`
cat >"$folder/boot.ipxe" <<IPXE
#!ipxe
kernel vmlinuz initrd=initrd console=ttyS0 quiet panic=1 BOOTIF=01-\${net0/mac:hexhyp} ipa-inspection-callback-url=$url
initrd initrd
boot
IPXE
cat >"$folder/dnsmasq.conf" <<CONF
port=0
interface=$bridge
bind-interfaces
except-interface=lo
dhcp-range=$network.100,$network.150,10m
dhcp-leasefile=$folder/leases
dhcp-hostsdir=$hosts
# iPXE says so by its option 175; a card's own PXE is handed iPXE first.
dhcp-match=set:ipxe,175
dhcp-boot=tag:ipxe,boot.ipxe
dhcp-boot=tag:!ipxe,undionly.kpxe
enable-tftp
tftp-root=$folder
user=root
log-dhcp
pid-file=
CONF
[ ! -e /usr/lib/ipxe/undionly.kpxe ] || cp /usr/lib/ipxe/undionly.kpxe "$folder"
exec dnsmasq --keep-in-foreground --log-facility=- --conf-file="$folder/dnsmasq.conf"
