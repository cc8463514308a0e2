#!/usr/bin/env bash
# Becomes a virtual machine that boots from the network: power-on.sh FOLDER BRIDGE MAC
# q35 without KVM, 2 processors, 512 MB, a disk of 10 GB with nothing on it; its serial console is added to
# FOLDER/console.log. Ends when its BMC, who started it, does.
set -euo pipefail
folder=$1 bridge=$2 mac=$3
tap=tap-$(echo "$mac" | tr -d : | tail -c 9)
ip link show "$tap" >/dev/null 2>&1 || ip tuntap add "$tap" mode tap
ip link set "$tap" master "$bridge" up
[ -e "$folder/disk" ] || truncate -s 10G "$folder/disk"
exec setpriv --pdeathsig KILL qemu-system-x86_64 -machine q35,accel=tcg -cpu max -smp 2 -m 512 -nodefaults -no-user-config \
  -display none -boot n \
  -netdev "tap,id=lan,ifname=$tap,script=no,downscript=no" -device "virtio-net-pci,netdev=lan,mac=$mac" \
  -drive "file=$folder/disk,if=virtio,format=raw" \
  -chardev "file,id=console,path=$folder/console.log,append=on" -serial chardev:console \
  >"$folder/qemu.log" 2>&1
