"""The same steps as steps.c, in Python: see there what it writes into the file named by its first argument."""

import ctypes
import mmap
import os
import sys

PAGE = mmap.PAGESIZE
NONE, READ, WRITE = 0, 1, 2
SHARED, PRIVATE, FIXED, ANONYMOUS, NORESERVE = 1, 2, 0x10, 0x20, 0x4000

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]

facts = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def say(*words):
    text = " ".join(format(word, "x") if isinstance(word, int) else word for word in words)
    os.write(facts, (text + "\n").encode())


def map_pages(address, pages, protection, flags):
    return libc.mmap(address, pages * PAGE, protection, flags, -1, 0)


def write_page(start, index, value):
    ctypes.memset(start + index * PAGE + 16, value, 64)
    say("written", start + index * PAGE)


def checkpoint(number):
    say("checkpoint", number)  # stop


reservation = map_pages(None, 18, NONE, PRIVATE | ANONYMOUS | NORESERVE)
private = map_pages(reservation + PAGE, 16, READ | WRITE, PRIVATE | ANONYMOUS | FIXED)
ctypes.memset(private, 1, 16 * PAGE)
say("region", "private", private, private + 16 * PAGE)
checkpoint(1)

shared = map_pages(None, 8, READ | WRITE, SHARED | ANONYMOUS)
say("region", "shared", shared, shared + 8 * PAGE)
say("new", shared, shared + 8 * PAGE)
write_page(shared, 0, 2)
write_page(shared, 5, 2)
write_page(private, 3, 2)
checkpoint(2)

libc.mprotect(private, 4 * PAGE, READ)
say("reprotected", private, private + 4 * PAGE, "rw-p", "r--p")
write_page(shared, 5, 3)
write_page(private, 9, 3)
checkpoint(3)

libc.munmap(shared, 8 * PAGE)
say("gone", shared, shared + 8 * PAGE)
libc.munmap(private + 14 * PAGE, 2 * PAGE)
say("shrunk", private + 14 * PAGE, private + 16 * PAGE)
write_page(private, 4, 4)
checkpoint(4)
