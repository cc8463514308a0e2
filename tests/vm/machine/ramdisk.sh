#!/usr/bin/env bash
# Makes what a machine boots: ramdisk.sh FOLDER POSTER
#   FOLDER/vmlinuz  Debian's kernel for virtual machines, from its package, which is not installed
#   FOLDER/initrd   busybox, POSTER (the program that reports; static) and the modules of virtio
# A package that FOLDER has already is not fetched again.
set -euo pipefail
folder=$(realpath -m "$1") poster=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/kernel"
cd "$folder/kernel"

package=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" {print $2; exit}')
[ -n "$package" ] || { echo "apt knows no linux-image-cloud-amd64 (apt-get update?)" >&2; exit 1; }
if [ ! -e "$package" ]; then
  rm -rf ./*
  apt-get download -q "$package" >&2
  dpkg-deb -x "$package"_*.deb "$package.part"
  mv "$package.part" "$package"
  rm ./*.deb
fi

root=$folder/root
rm -rf "$root"
mkdir -p "$root/bin" "$root/modules"
for module in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci failover net_failover \
  virtio_net virtio_blk; do
  find "$package/lib/modules" -name "$module.ko" -exec cp {} "$root/modules" \;
  echo "$module"
done >"$root/modules/order"
install -m 755 /bin/busybox "$root/bin/busybox"
install -m 755 "$poster" "$root/bin/poster"
install -m 755 "$here/init" "$here/udhcpc" "$root"
cp "$package"/boot/vmlinuz-* "$folder/vmlinuz"
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$folder/initrd"
rm -rf "$root"
