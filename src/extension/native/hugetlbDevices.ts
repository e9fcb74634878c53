import { fstatSync, readdirSync } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import { deviceOf } from "../base/device";
import { libc } from "./libc";

/**
 * The kernel's own mounts of hugetlbfs, one for each size of huge pages: anonymous huge pages, and memfds and System V
 * segments made of them, lie there. No `mountinfo` lists these mounts, and not every name tells (`/memfd:…`); an empty
 * memfd of each size tells by its device. It takes no page from the pool.
 */

// linux/memfd.h
const closeOnExec = 1;
const noExecutable = 8; // MFD_NOEXEC_SEAL, Linux 6.3: without it the kernel writes a line into its log
const hugetlb = 4;
const sizeShift = 26;

const sizesFolder = "/sys/kernel/mm/hugepages";

let known: readonly number[] | undefined;

/** Devices of these mounts, `major << 20 | minor`; none where there are no huge pages, or no native calls. */
export function internalHugetlbDevices(): readonly number[] {
	known ??= probe();
	return known;
}

function probe(): number[] {
	try {
		return hugePageSizes().flatMap((size) => deviceOfSize(size) ?? []);
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "unsupported") return [];
		throw error;
	}
}

/** Sizes of huge pages that this machine has, bytes. */
function hugePageSizes(): number[] {
	try {
		return readdirSync(sizesFolder).flatMap((name) => {
			const kibibytes = /^hugepages-(\d+)kB$/.exec(name)?.[1];
			return kibibytes === undefined ? [] : [Number(kibibytes) * 1024];
		});
	} catch {
		return [];
	}
}

function deviceOfSize(size: number): number | undefined {
	const c = libc();
	const flags = (closeOnExec | hugetlb | (Math.log2(size) << sizeShift)) >>> 0;
	let descriptor = c.memfdCreate("mapscope", flags | noExecutable);
	if (descriptor < 0) descriptor = c.memfdCreate("mapscope", flags);
	if (descriptor < 0) return undefined;
	try {
		return deviceOf(fstatSync(descriptor, { bigint: true }).dev);
	} finally {
		c.close(descriptor);
	}
}
