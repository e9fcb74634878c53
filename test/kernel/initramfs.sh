#!/bin/busybox sh
# The first program of the virtual machine, in its initial RAM disk: brings the disks up and goes on from there.
/bin/busybox mkdir -p /dev /root
/bin/busybox mount -t devtmpfs dev /dev
for module in /modules/*; do /bin/busybox insmod "$module" || echo "no $module"; done
while [ ! -b /dev/vdb ]; do /bin/busybox usleep 50000; done
/bin/busybox mount -t ext4 /dev/vda /root
/bin/busybox mount -t ext4 /dev/vdb /root/project
exec /bin/busybox switch_root /root /bin/sh /project/test/kernel/session.sh
