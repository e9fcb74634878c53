import type { Row } from "../../shared/mapFrame";
import type { CellGrid } from "./draw/geometry";
import { gridSize } from "./draw/geometry";

/** Heights in the page view, CSS pixels. */
export const sectionHeights = { head: 32, after: 16, gap: 30 } as const;

/** A mapping with its grid of pages, or the gap before one, and where it lies in the scrolled content. */
export type Section = MappingSection | GapSection;

export interface MappingSection {
	readonly kind: "mapping";
	readonly row: Row;
	readonly top: number;
	readonly height: number;
	readonly grid: CellGrid;
}

export interface GapSection {
	readonly kind: "gap";
	readonly pages: number;
	readonly top: number;
	readonly height: number;
}

/** Mappings one below the other, as on a page of text. `gridOf` lays out a mapping's pages for the width there is. */
export function layoutSections(rows: readonly Row[], gridOf: (row: Row) => CellGrid): Section[] {
	const sections: Section[] = [];
	let top = 0;
	let endPage: number | undefined;
	for (const row of rows) {
		if (row.type !== "mapping") continue;
		if (endPage !== undefined && row.startPage > endPage) {
			sections.push({ kind: "gap", pages: row.startPage - endPage, top, height: sectionHeights.gap });
			top += sectionHeights.gap;
		}
		const grid = gridOf(row);
		const height = sectionHeights.head + Math.ceil(gridSize(grid).height) + sectionHeights.after;
		sections.push({ kind: "mapping", row, top, height, grid });
		top += height;
		endPage = row.endPage;
	}
	return sections;
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
	section: MappingSection,
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
	section: MappingSection,
	first: number,
	count: number,
): { readonly startPage: number; readonly endPage: number } {
	const { grid, row } = section;
	const start = Math.max(0, first * grid.perRow - grid.lead);
	const end = Math.max(start, Math.min(grid.count, (first + count) * grid.perRow - grid.lead));
	return { startPage: row.startPage + start, endPage: row.startPage + end };
}

/** The section that holds a page. */
export function sectionOf(sections: readonly Section[], page: number): MappingSection | undefined {
	for (const section of sections) {
		if (section.kind === "mapping" && page >= section.row.startPage && page < section.row.endPage) return section;
	}
	return undefined;
}

/** The page reached from `page` by so many grid rows, into the next mapping when this one ends. */
export function stepRows(sections: readonly Section[], page: number, rows: number): number {
	const section = sectionOf(sections, page);
	if (!section) return page;
	const at = page + rows * section.grid.perRow;
	if (at >= section.row.startPage && at < section.row.endPage) return at;
	const step = rows < 0 ? -1 : 1;
	const next = neighbour(sections, section, step);
	if (!next) return step === -1 ? section.row.startPage : section.row.endPage - 1;
	// Into the row next to the border, in the same column where that row has one.
	const column = (page - section.row.startPage + section.grid.lead) % section.grid.perRow;
	return step === -1 ? lastInColumn(next, column) : firstInColumn(next, column);
}

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
