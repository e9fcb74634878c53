import type { Segment } from "./segments";

/** Where a byte of a mapped file lies in the image that the file describes. */
export interface LoadPlace {
	/** The address as the file counts: what `nm` and `objdump` print. */
	readonly fileAddress: bigint;
	/** What was added to every address of the file when it was loaded; 0 for a program at fixed addresses. */
	readonly bias: bigint;
	/** Segments that are mapped where this bias puts them. */
	readonly confirmed: number;
	/** All are: the file is loaded, and not merely mapped to be read. */
	readonly loaded: boolean;
}

/** Biases tried: a file of a thousand segments over one page would cost their square. */
const mostBiases = 64;

/**
 * Tells which address of the image a mapped byte has. One page of a file may hold the end of one segment and the start of
 * the next, and then is mapped twice; the offset alone does not tell which of the two it is. So every segment that may
 * hold the byte proposes a bias; the one under which all segments are where they should be is right. When there is none
 * (the file was mapped whole to be read, a part was replaced), the segment that really holds the byte is.
 *
 * @param offset file offset of the byte.
 * @param address where the byte is mapped.
 * @param executable whether it is mapped executable: decides between equals.
 * @param fileOffsetAt the offset at which the same file is mapped at an address; undefined where it is not.
 */
export function findLoadPlace(
	segments: readonly Segment[],
	offset: bigint,
	address: bigint,
	executable: boolean,
	pageSize: number,
	fileOffsetAt: (address: bigint) => bigint | undefined,
): LoadPlace | undefined {
	const page = BigInt(pageSize);
	const down = (value: bigint): bigint => value - (value % page);
	const inFile = segments.filter(({ fileSize }) => fileSize > 0);
	const confirmations = new Map<bigint, number>();
	const confirm = (bias: bigint): number =>
		inFile.filter((segment) => fileOffsetAt(down(segment.address + bias)) === down(BigInt(segment.offset))).length;
	let best: Candidate | undefined;
	for (const segment of inFile) {
		const start = BigInt(segment.offset);
		const end = start + BigInt(segment.fileSize);
		// A loader maps whole pages: what lies around the segment in its first and last page comes along.
		if (offset < down(start) || offset >= down(end + page - 1n)) continue;
		const fileAddress = offset - start + segment.address;
		const bias = address - fileAddress;
		const confirmed = confirmations.get(bias) ?? (confirmations.size < mostBiases ? confirm(bias) : 0);
		confirmations.set(bias, confirmed);
		const candidate = {
			fileAddress,
			bias,
			confirmed,
			loaded: confirmed === inFile.length,
			exact: offset >= start && offset < end,
			fits: segment.executable === executable,
		};
		if (best === undefined || isBetter(candidate, best)) best = candidate;
	}
	// What lies around a segment in its page is of the image only where there is an image.
	return best && (best.exact || best.confirmed * 2 > inFile.length) ? best : undefined;
}

interface Candidate extends LoadPlace {
	/** The byte is the segment's own. */
	readonly exact: boolean;
	/** The mapping's permissions are the segment's. */
	readonly fits: boolean;
}

function isBetter(a: Candidate, b: Candidate): boolean {
	const differences = [
		Number(a.loaded) - Number(b.loaded),
		Number(a.exact) - Number(b.exact),
		a.confirmed - b.confirmed,
		Number(a.fits) - Number(b.fits),
	];
	return (differences.find((difference) => difference !== 0) ?? 0) > 0;
}

/** Whether an address of the file lies in a page of one of its segments, with the zeros behind its file part. */
export function isLoaded(segments: readonly Segment[], fileAddress: bigint, pageSize: number): boolean {
	const page = BigInt(pageSize);
	return segments.some(({ address, memorySize }) => {
		const end = address + BigInt(memorySize);
		return fileAddress >= address - (address % page) && fileAddress < end + (page - (end % page || page));
	});
}
