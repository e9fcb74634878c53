import type { Row } from "../../shared/mapFrame";
import type { CellGrid } from "./draw/geometry";
import { gridSize } from "./draw/geometry";

/** Heights in the page view, CSS pixels. */
export const sectionHeights = { head: 32, after: 16, gap: 30 } as const;

/** A mapping with its grid of pages, or a gap, and where it lies in the scrolled content. */
export type Section =
	| {
			readonly kind: "mapping";
			readonly row: Row;
			readonly top: number;
			readonly height: number;
			readonly grid: CellGrid;
	  }
	| { readonly kind: "gap"; readonly row: Row; readonly top: number; readonly height: number };

/** Mappings one below the other, as on a page of text. `gridOf` lays out a mapping's pages for the width there is. */
export function layoutSections(rows: readonly Row[], gridOf: (row: Row) => CellGrid): Section[] {
	let top = 0;
	return rows
		.filter((row) => row.type !== "group")
		.map((row) => {
			if (row.type === "gap") {
				const gap = { kind: "gap", row, top, height: sectionHeights.gap } as const;
				top += gap.height;
				return gap;
			}
			const grid = gridOf(row);
			const height = sectionHeights.head + Math.ceil(gridSize(grid).height) + sectionHeights.after;
			const section = { kind: "mapping", row, top, height, grid } as const;
			top += height;
			return section;
		});
}

/** Height of everything. */
export function sectionsHeight(sections: readonly Section[]): number {
	const last = sections.at(-1);
	return last ? last.top + last.height : 0;
}

/** The sections that touch content pixels [top, bottom). */
export function visibleSections(sections: readonly Section[], top: number, bottom: number): Section[] {
	return sections.filter((section) => section.top < bottom && section.top + section.height > top);
}

/** The grid rows of a section that touch content pixels [top, bottom). */
export function visibleGridRows(
	section: Section & { readonly kind: "mapping" },
	top: number,
	bottom: number,
): { readonly first: number; readonly count: number } {
	const { grid } = section;
	const gridTop = section.top + sectionHeights.head;
	const first = Math.max(0, Math.floor((top - gridTop) / grid.pitchY));
	const end = Math.min(grid.rows, Math.ceil((bottom - gridTop) / grid.pitchY));
	return { first: Math.min(first, grid.rows), count: Math.max(0, end - first) };
}

/** The pages in rows [first, first + count) of a mapping's grid. */
export function pagesOfRows(
	section: Section & { readonly kind: "mapping" },
	first: number,
	count: number,
): { readonly startPage: number; readonly endPage: number } {
	const { grid, row } = section;
	const start = Math.max(0, first * grid.perRow - grid.lead);
	const end = Math.max(start, Math.min(grid.count, (first + count) * grid.perRow - grid.lead));
	return { startPage: row.startPage + start, endPage: row.startPage + end };
}

/** The section that holds a page. */
export function sectionOf(
	sections: readonly Section[],
	page: number,
): (Section & { readonly kind: "mapping" }) | undefined {
	for (const section of sections) {
		if (section.kind === "mapping" && page >= section.row.startPage && page < section.row.endPage) return section;
	}
	return undefined;
}

/** The page reached from `page` by so many grid rows, into the next mapping when this one ends. */
export function stepRows(sections: readonly Section[], page: number, rows: number): number {
	let section = sectionOf(sections, page);
	if (!section) return page;
	let at = page + rows * section.grid.perRow;
	while (at < section.row.startPage || at >= section.row.endPage) {
		const next = neighbour(sections, section, at < section.row.startPage ? -1 : 1);
		if (!next) return at < section.row.startPage ? section.row.startPage : section.row.endPage - 1;
		// Into the row next to the border, in the same column where it has one.
		const column = (page - section.row.startPage + section.grid.lead) % section.grid.perRow;
		at = at < section.row.startPage ? lastInColumn(next, column) : firstInColumn(next, column);
		section = next;
	}
	return at;
}

type MappingSection = Section & { readonly kind: "mapping" };

function neighbour(sections: readonly Section[], from: Section, step: 1 | -1): MappingSection | undefined {
	for (let at = sections.indexOf(from) + step; at >= 0 && at < sections.length; at += step) {
		const section = sections[at];
		if (section?.kind === "mapping") return section;
	}
	return undefined;
}

function firstInColumn({ grid, row }: MappingSection, column: number): number {
	return row.startPage + Math.max(0, Math.min(grid.count - 1, column - grid.lead));
}

function lastInColumn({ grid, row }: MappingSection, column: number): number {
	const inLastRow = (grid.rows - 1) * grid.perRow + column - grid.lead;
	return row.startPage + Math.max(0, Math.min(grid.count - 1, inLastRow));
}
