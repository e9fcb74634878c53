"""A process with something of everything, for pictures: it prints `ready` and ends with its standard input.

usage: demo.py FOLDER   (a folder for its file)
"""

import ctypes
import mmap
import os
import sys
import threading

PAGE = mmap.PAGESIZE
MIB = 1 << 20
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]


def touch(area, pages):
    """Writes one byte to each of these pages."""
    for page in pages:
        area[page * PAGE] = 1


def main(folder):
    libc.prctl(15, b"gallery")  # PR_SET_NAME

    path = os.path.join(folder, "atlas.bin")
    with open(path, "wb") as file:
        file.write(os.urandom(24 * MIB))
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 10 * MIB, 9 * MIB, os.POSIX_FADV_DONTNEED)

    descriptor = os.open(path, os.O_RDWR)
    shared_file = mmap.mmap(descriptor, 24 * MIB, mmap.MAP_SHARED, mmap.PROT_READ)
    shared_file.madvise(mmap.MADV_RANDOM)  # no pages but those that are asked for
    for page in [*range(0, 900), *range(1400, 1500), *range(5200, 5900, 3)]:
        shared_file[page * PAGE]
    private_file = mmap.mmap(descriptor, 2 * MIB, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
    touch(private_file, range(0, 512, 5))

    cache = mmap.mmap(-1, 48 * MIB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    cache.madvise(mmap.MADV_NOHUGEPAGE)
    touch(cache, [*range(0, 3000), *range(4096, 8000, 4), *range(10000, 10600)])
    arena = mmap.mmap(-1, 4 * MIB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    arena.madvise(mmap.MADV_NOHUGEPAGE)
    touch(arena, [n for n in range(1024) if n % 7 < 3])
    queue = mmap.mmap(-1, 8 * MIB, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    touch(queue, range(0, 2048, 2))

    frames = os.memfd_create("frames")
    os.ftruncate(frames, 16 * MIB)
    ring = mmap.mmap(frames, 16 * MIB)
    touch(ring, range(0, 1300))

    private_anonymous_noreserve = 0x4022
    libc.mmap(None, 1 << 30, 0, private_anonymous_noreserve, -1, 0)  # reserved address space
    for _ in range(3):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


main(sys.argv[1])
