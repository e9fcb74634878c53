/**
 * `st_dev` as glibc packs it (makedev(3)) to `major << 20 | minor`, which is how devices of `maps` and `mountinfo` are
 * kept.
 */
export function deviceOf(packed: bigint): number {
	const major = ((packed >> 8n) & 0xfffn) | ((packed >> 32n) & ~0xfffn);
	const minor = (packed & 0xffn) | ((packed >> 12n) & ~0xffn);
	return Number((major << 20n) | minor);
}
