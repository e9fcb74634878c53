import type { Overview } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { formatBytes, hexPage, pagesToBytes } from "../../../shared/units";
import type { TipLine } from "../../ui/tooltip";
import { describeColumn } from "../../words/row";
import type { PageRange } from "../draw/geometry";
import type { OverviewHit } from "../draw/overview";

/** What the overview's tooltip says of a place: its range, what it is, how much, and the states of its pages. */
export function overviewTip(hit: OverviewHit, overview: Overview, pageSize: number): TipLine[] {
	const { segment, column } = hit;
	const size = formatBytes(pagesToBytes(segment.endPage - segment.startPage, pageSize));
	const range = ({ startPage, endPage }: PageRange): TipLine => ({
		text: `${hexPage(startPage, pageSize)}–${hexPage(endPage, pageSize)}`,
		style: "code",
	});
	const name: TipLine = { text: visibleText(segment.label) };
	if (segment.kind === "gap") return [range(segment), { text: `${size}, nothing mapped` }];
	if (segment.kind === "reservation") {
		return [range(segment), name, { text: `${size} reserved, no access`, style: "note" }];
	}
	const resident: TipLine = { text: `${size}, ${formatBytes(segment.residentBytes)} resident`, style: "note" };
	if (column === undefined) return [range(segment), name, resident];
	const states = describeColumn(overview.columns, segment.firstColumn + column, hit.endPage - hit.startPage);
	return [range(hit), name, { text: states }, resident];
}
