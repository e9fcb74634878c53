import { execFileSync } from "node:child_process";

/** Why a test about the zero page is skipped. */
export const noZeroPage = "this kernel maps no zero page: who only reads gets a page of its own, too";

/** A mapping that is told from its neighbours by its permissions, of which four pages are only read. */
const reader = `
import ctypes, mmap, re
size = 4 * mmap.PAGESIZE
pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
start = ctypes.addressof(ctypes.c_char.from_buffer(pages))
assert sum(pages[page * mmap.PAGESIZE] for page in range(4)) == 0
with open("/proc/self/smaps") as smaps:
    entry = re.search(f"^0*{start:x}-0*{start + size:x} (?:.*\\n)+?Rss: +([0-9]+) kB", smaps.read(), re.M)
print(entry[1])
`;

let known: boolean | undefined;

/**
 * Whether the kernel maps the shared zero page where memory was only read, which may be forbidden in guests of some virtual
 * machines. Told by what it accounts: the zero page is in nobody's RSS, and a page of one's own is. Needs Python.
 */
export function mapsZeroPage(): boolean {
	known ??= execFileSync("python3", ["-c", reader], { encoding: "utf8" }).trim() === "0";
	return known;
}
