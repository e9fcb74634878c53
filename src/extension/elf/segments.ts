import { type ByteSource, readTable, type Table } from "./byteSource";
import { type ElfFormat, Fields } from "./elfHeader";

/** A `PT_LOAD` program header: a part of the file that is mapped. Sizes in bytes. */
export interface Segment {
	/** File offset. */
	readonly offset: number;
	/** Virtual address as the file counts. */
	readonly address: bigint;
	readonly fileSize: number;
	/** From `fileSize` on it is zeros: the BSS. */
	readonly memorySize: number;
	readonly executable: boolean;
}

const loadable = 1; // PT_LOAD
const executableFlag = 1; // PF_X

/** More than any program has; what comes after is not read. */
const mostHeaders = 2 ** 12;

/**
 * The loadable segments of a file, in its order. Those that no loader takes (larger in the file than in memory, beyond the
 * address space) are left out.
 */
export function readSegments(source: ByteSource, format: ElfFormat, table: Table): Segment[] {
	const { wide } = format;
	// The kernel, too, takes headers of exactly this size only.
	if (table.entrySize !== (wide ? 56 : 32)) return [];
	const segments: Segment[] = [];
	readTable(source, { ...table, count: Math.min(table.count, mostHeaders) }, (bytes, entries) => {
		const fields = new Fields(bytes, format);
		for (let entry = 0; entry < entries; entry++) {
			const at = entry * table.entrySize;
			if (fields.u32(at) !== loadable) continue;
			const segment = {
				offset: fields.size(at + (wide ? 8 : 4)),
				address: fields.address(at + (wide ? 16 : 8)),
				fileSize: fields.size(at + (wide ? 32 : 16)),
				memorySize: fields.size(at + (wide ? 40 : 20)),
				executable: (fields.u32(at + (wide ? 4 : 24)) & executableFlag) !== 0,
			};
			if (isSound(segment)) segments.push(segment);
		}
	});
	return segments;
}

function isSound({ offset, address, fileSize, memorySize }: Segment): boolean {
	return (
		memorySize > 0 &&
		fileSize <= memorySize &&
		Number.isSafeInteger(offset + fileSize) &&
		Number.isSafeInteger(memorySize) &&
		address + BigInt(memorySize) <= 2n ** 64n
	);
}
