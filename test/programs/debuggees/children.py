"""A program to be debugged that begins another Python: both stop in `checkpoint`, the child each time after it has mapped."""

import mmap
import multiprocessing


def checkpoint(memory):
    return len(memory)  # stop


def child():
    memory = [mmap.mmap(-1, 1 << 20)]
    checkpoint(memory)
    memory.append(mmap.mmap(-1, 1 << 21))
    checkpoint(memory)


if __name__ == "__main__":
    checkpoint([])
    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    checkpoint([])
