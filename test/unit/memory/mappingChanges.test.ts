import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { alignMappings } from "../../../src/extension/memory/alignMappings";
import { classify } from "../../../src/extension/memory/classify";
import type { ClassifiedMaps } from "../../../src/extension/memory/mappingBrief";
import { describeChange, mappingChanges } from "../../../src/extension/memory/mappingChanges";
import { parseMaps } from "../../../src/extension/proc/maps";
import { recordedPageSize as pageSize } from "../../support/fixtures";

/** A mapping of pages [start, end); `file` is an inode, 0 for anonymous memory. */
interface Line {
	readonly start: number;
	readonly end: number;
	readonly permissions: string;
	readonly file: number;
	readonly offset: number;
	readonly name?: string;
}

function mapsOf(lines: readonly Line[]): ClassifiedMaps {
	const hex = (pages: number) => (pages * pageSize).toString(16).padStart(8, "0");
	const text = lines
		.map(({ start, end, permissions, file, offset, name = file === 0 ? "" : `/file${file}` }) => {
			const device = file === 0 ? "00:00" : "fe:00";
			return `${hex(start)}-${hex(end)} ${permissions} ${hex(offset)} ${device} ${file} ${name}\n`;
		})
		.join("");
	const maps = parseMaps(Buffer.from(text, "latin1"), pageSize);
	equal(maps.malformed, 0);
	return { maps, classification: classify(maps, new Set(), pageSize) };
}

function changesBetween(before: readonly Line[], after: readonly Line[]): string[] {
	const [earlier, later] = [mapsOf(before), mapsOf(after)];
	const pieces = alignMappings(earlier.maps, later.maps);
	return mappingChanges(pieces, earlier, later).map((change) => {
		const { kind, startPage, endPage, formerPermissions, mapping } = describeChange(change, earlier, later);
		const permissions = formerPermissions === undefined ? "" : ` ${formerPermissions}>${mapping.permissions}`;
		return `${kind} ${startPage}-${endPage}${permissions}`;
	});
}

const anonymous = (start: number, end: number, permissions = "rw-p", name?: string): Line => ({
	start,
	end,
	permissions,
	file: 0,
	offset: 0,
	...(name === undefined ? {} : { name }),
});
const file = (start: number, end: number, offset: number, permissions = "r--p", inode = 7): Line => ({
	start,
	end,
	permissions,
	file: inode,
	offset,
});

describe("changes of mappings", () => {
	const cases: readonly (readonly [string, readonly Line[], readonly Line[], readonly string[]])[] = [
		["nothing", [anonymous(10, 20)], [anonymous(10, 20)], []],
		["a new mapping", [anonymous(10, 20)], [anonymous(10, 20), anonymous(30, 40)], ["new 30-40"]],
		["one that is gone", [anonymous(10, 20), file(30, 40, 0)], [anonymous(10, 20)], ["gone 30-40"]],
		["growth at the end", [anonymous(10, 20)], [anonymous(10, 25)], ["grown 20-25"]],
		["growth downwards", [anonymous(10, 20)], [anonymous(5, 20)], ["grown 5-10"]],
		["a hole", [anonymous(10, 20)], [anonymous(10, 13), anonymous(14, 20)], ["shrunk 13-14"]],
		["both ends cut", [anonymous(10, 20)], [anonymous(12, 18)], ["shrunk 10-12", "shrunk 18-20"]],
		[
			"a part protected, which splits it",
			[anonymous(10, 20)],
			[anonymous(10, 13), anonymous(13, 15, "r--p"), anonymous(15, 20)],
			["reprotected 13-15 rw-p>r--p"],
		],
		[
			"parts protected alike, which merges them",
			[anonymous(10, 13), anonymous(13, 15, "r--p"), anonymous(15, 20)],
			[anonymous(10, 20)],
			["reprotected 13-15 r--p>rw-p"],
		],
		[
			"two parts with different pasts",
			[anonymous(10, 15, "r--p"), anonymous(15, 20, "---p")],
			[anonymous(10, 20)],
			["reprotected 10-15 r--p>rw-p", "reprotected 15-20 ---p>rw-p"],
		],
		[
			"a file put over the middle",
			[anonymous(10, 20)],
			[anonymous(10, 13), file(13, 15, 0), anonymous(15, 20)],
			["shrunk 13-15", "new 13-15"],
		],
		["another file at the same place", [file(10, 20, 0)], [file(10, 20, 0, "r--p", 8)], ["gone 10-20", "new 10-20"]],
		["another part of the file there", [file(10, 20, 0)], [file(10, 20, 3)], ["gone 10-20", "new 10-20"]],
		["a file split at its offset", [file(10, 20, 2)], [file(10, 14, 2), file(14, 20, 6)], []],
		["a name given to memory", [anonymous(10, 20)], [anonymous(10, 20, "rw-p", "[anon:cache]")], []],
		[
			"growth while a part is protected",
			[anonymous(10, 20)],
			[anonymous(10, 12, "r--p"), anonymous(12, 22)],
			["reprotected 10-12 rw-p>r--p", "grown 20-22"],
		],
	];
	for (const [title, before, after, expected] of cases) {
		it(title, () => deepEqual(changesBetween(before, after), expected));
	}

	const lines = fc
		.array(
			fc.record({
				gap: fc.nat(3),
				pages: fc.integer({ min: 1, max: 6 }),
				permissions: fc.constantFrom("rw-p", "r--p", "---p"),
				file: fc.constantFrom(0, 0, 7),
			}),
			{ maxLength: 8 },
		)
		.map((parts) => {
			let page = 16;
			return parts.map(({ gap, pages, permissions, file: inode }): Line => {
				const start = page + gap;
				page = start + pages;
				return { start, end: page, permissions, file: inode, offset: inode === 0 ? 0 : start };
			});
		});

	it("say of every page what became of it", () => {
		fc.assert(
			fc.property(lines, lines, (before, after) => {
				const changes = changesBetween(before, after);
				const at = (list: readonly Line[], page: number) => list.find(({ start, end }) => start <= page && page < end);
				for (let page = 0; page < 90; page++) {
					const [was, is] = [at(before, page), at(after, page)];
					const kinds = changes.flatMap((change) => {
						const [, kind = "", start, end] = /^(\w+) (\d+)-(\d+)/.exec(change) ?? [];
						return Number(start) <= page && page < Number(end) ? [kind] : [];
					});
					const said = kinds.map((kind) => (kind === "grown" ? "new" : kind === "shrunk" ? "gone" : kind)).sort();
					const same = was !== undefined && is !== undefined && was.file === is.file;
					const expected = same
						? was.permissions === is.permissions
							? []
							: ["reprotected"]
						: [...(was ? ["gone"] : []), ...(is ? ["new"] : [])];
					deepEqual(said, expected, `page ${page}: ${changes}`);
				}
			}),
			{ numRuns: 300 },
		);
	});
});
