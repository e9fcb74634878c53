#!/bin/sh
# Runs the tests in the virtual machine, as its first process, and switches it off. What they print goes to the first serial
# line, and the report of each run to the second, which the host reads.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs run /run
echo "Linux $(uname -r), $(nproc) processors, $(ls -d /sys/devices/system/node/node* | wc -l) memory nodes"
cd /project || exit

# run SCOPE FOLDERS [TITLES]: with Yama's kernel.yama.ptrace_scope
run() {
	echo "$1" > /proc/sys/kernel/yama/ptrace_scope
	echo "── ptrace_scope $1: $2 ${3:+($3)}"
	rm -f /run/report
	MAPSCOPE_TEST_REPORT=/run/report MAPSCOPE_TEST_GREP=$3 out/node --enable-source-maps out/test/kernel/main.js $2
	cat /run/report > /dev/ttyS1
	echo > /dev/ttyS1
}

. /project/runs.sh
sync
echo o > /proc/sysrq-trigger
sleep 60
