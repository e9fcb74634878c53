/** The first line of a mapping in `maps` and `smaps`, taken apart by column. */
export interface HeaderParts {
	readonly range: Span;
	readonly permissions: Span;
	readonly offset: Span;
	readonly device: Span;
	readonly inode: Span;
	/** Absent for memory without a name. */
	readonly name?: Span;
}

/** A part of a line: text and first column. */
export interface Span {
	readonly text: string;
	readonly column: number;
}

const header = /^([0-9a-f]+-[0-9a-f]+) ([r-][w-][x-][sp]) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+)(?: +(.*))?$/d;

/** Takes a mapping's first line apart; `undefined` for any other line. */
export function parseHeader(line: string): HeaderParts | undefined {
	const match = header.exec(line);
	const [range, permissions, offset, device, inode, name] = [1, 2, 3, 4, 5, 6].map((group) => span(match, group));
	if (!range || !permissions || !offset || !device || !inode) return undefined;
	return { range, permissions, offset, device, inode, ...(name && name.text !== "" ? { name } : {}) };
}

function span(match: RegExpExecArray | null, group: number): Span | undefined {
	const text = match?.[group];
	const column = match?.indices?.[group]?.[0];
	return text === undefined || column === undefined ? undefined : { text, column };
}

/** Where the mappings of an `smaps` text begin and end: zero-based lines, both inclusive; those of one line are left out. */
export function mappingFolds(lines: readonly string[]): { readonly first: number; readonly last: number }[] {
	const folds: { first: number; last: number }[] = [];
	let first: number | undefined;
	const close = (end: number) => {
		if (first !== undefined && end > first) folds.push({ first, last: end });
	};
	lines.forEach((line, index) => {
		if (!parseHeader(line)) return;
		close(index - 1);
		first = index;
	});
	let last = lines.length - 1;
	while (last > 0 && lines[last] === "") last--;
	close(last);
	return folds;
}
