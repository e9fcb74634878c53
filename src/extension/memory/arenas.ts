import { type MapsColumns, permission } from "../proc/maps";
import type { MappingName } from "./names";

/**
 * Arenas of glibc's malloc: heaps for threads other than the first. Each is 64 MiB of addresses on a boundary of 64 MiB
 * (`HEAP_MAX_SIZE`, malloc/arena.c, on 64-bit machines): what is in use is accessible, the rest PROT_NONE. A full one
 * cannot be told from other memory.
 */
const arenaBytes = 2 ** 26;

/** mmap places them where libraries are, far above this; a Java heap below may look alike otherwise. */
const lowestArena = 2 ** 36;

/** glibc under its names since 2.34 and before. */
const glibc = /\/libc(\.so\.6|-2\.\d+\.so)$/;

/** Finds out, mapping by mapping, which are arenas of glibc's malloc. */
export function arenaFinder(
	maps: MapsColumns,
	names: readonly MappingName[],
	pageSize: number,
): (index: number) => boolean {
	const arenaPages = arenaBytes / pageSize;
	const access = permission.read | permission.write;
	if (!names.some(({ name }) => glibc.test(name))) return () => false;
	return (index) => {
		const start = maps.startPages[index] ?? 0;
		return (
			start % arenaPages === 0 &&
			start * pageSize >= lowestArena &&
			maps.permissions[index] === access &&
			maps.names[index] === 0 &&
			maps.names[index + 1] === 0 &&
			maps.permissions[index + 1] === 0 &&
			maps.startPages[index + 1] === maps.endPages[index] &&
			maps.endPages[index + 1] === start + arenaPages
		);
	};
}
