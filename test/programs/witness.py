"""An independent witness: reads /proc of a process with nothing of Mapscope's, and prints JSON.

usage: witness.py PID [START-END ...]   (hexadecimal ranges whose pages to read from pagemap)
"""
import ctypes
import json
import mmap
import os
import struct
import sys

pid = sys.argv[1]
page = mmap.PAGESIZE


def mappings():
    with open(f"/proc/{pid}/maps", "rb") as file:
        for line in file.read().split(b"\n"):
            if not line:
                continue
            fields = line.split(b" ", 5)
            start, end = (int(x, 16) for x in fields[0].split(b"-"))
            name = fields[5].lstrip(b" ") if len(fields) > 5 else b""
            yield {
                "start": f"{start:x}",
                "end": f"{end:x}",
                "permissions": fields[1].decode(),
                "offset": f"{int(fields[2], 16):x}",
                "device": fields[3].decode(),
                "inode": fields[4].decode(),
                "name": name.decode("latin1"),
            }


def smaps():
    totals, one = [], None
    with open(f"/proc/{pid}/smaps", "rb") as file:
        for line in file:
            head = line.split(b":", 1)[0]
            if b" " in head or b"-" in head:
                one = {"start": line.split(b"-")[0].decode()}
                totals.append(one)
            elif line.rstrip().endswith(b" kB"):
                one[head.decode()] = int(line.split()[-2]) * 1024
    return totals


def pages(start, end):
    """State of each page as pagemap's bits tell it; "zero" needs the frame of the zero page, taken from ourselves."""
    zero = own_zero_frame()
    with open(f"/proc/{pid}/pagemap", "rb") as file:
        file.seek(start // page * 8)
        raw = file.read((end - start) // page * 8)
    result = []
    for (entry,) in struct.iter_unpack("<Q", raw):
        present, swapped, of_file = entry >> 63 & 1, entry >> 62 & 1, entry >> 61 & 1
        if present:
            frame = entry & ((1 << 55) - 1)
            result.append("file" if of_file else "zero" if zero and frame == zero else "anonymous")
        elif swapped:
            result.append("guard" if entry >> 58 & 1 else "swapped")
        else:
            result.append("notPresent")
    return result


def own_zero_frame():
    """A private anonymous page that was read and never written is the zero page."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    address = libc.mmap(None, page, 1, 0x22, -1, 0)
    ctypes.c_char.from_address(address).value
    with open("/proc/self/pagemap", "rb") as file:
        file.seek(address // page * 8)
        (entry,) = struct.unpack("<Q", file.read(8))
    return entry & ((1 << 55) - 1)


def cached(path):
    """Pages of a file in the page cache, by mincore over a mapping of our own."""
    size = os.stat(path).st_size
    descriptor = os.open(path, os.O_RDONLY)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    address = libc.mmap(None, size, 1, 1, descriptor, 0)
    count = (size + page - 1) // page
    vector = (ctypes.c_ubyte * count)()
    libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(size), vector)
    os.close(descriptor)
    return [bool(byte & 1) for byte in vector]


if pid == "cached":
    print(json.dumps(cached(sys.argv[2])))
else:
    ranges = [tuple(int(x, 16) for x in argument.split("-")) for argument in sys.argv[2:]]
    print(
        json.dumps(
            {
                "mappings": list(mappings()),
                "smaps": smaps(),
                "pages": [pages(start, end) for start, end in ranges],
            }
        )
    )
