import { toErrorData } from "../../../shared/errors";
import type { Neighbourhood } from "../../../shared/labPanel";
import type { RegionResult } from "../../../shared/labResult";
import { prepareCanvas } from "../../memoryMap/draw/geometry";
import { paintStrip, stripHeights } from "../../memoryMap/draw/strip";
import { stripCapacity } from "../../memoryMap/draw/stripLayout";
import { RowElement } from "../../rows/rowElement";
import { element } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { LabContext } from "../context";
import { section } from "../section";

const rowHeight = 22;
const gapHeight = 14;
/** From this width on rows have the columns of the Memory Map, CSS pixels. */
const wideRows = 560;

/** The Memory Map's own rows around a region, as they are now. */
export function mapView(lifetime: Lifetime, context: LabContext, region: RegionResult, pageSize: number): HTMLElement {
	const { service } = context;
	const canvas = element("canvas", { class: "strips", "aria-hidden": "true" });
	const rows = element("div", { class: "map-rows", role: "treegrid", "aria-label": `Mappings around ${region.name}` });
	const area = element("div", { class: "map-area" }, rows, canvas);
	const note = `of ${region.process === "main" ? "the lab process" : region.process}, around ${region.name}, now`;
	const view = section("Memory map", note, { class: "map" }, area);
	let asked = "";
	const show = (found: Neighbourhood, width: number) => {
		const left = stripLeft(width);
		area.classList.toggle("compact", width < wideRows);
		area.style.setProperty("--strip-left", `${left}px`);
		let top = 0;
		const tops = found.rows.map((row) => {
			const at = top;
			top += row.type === "gap" ? gapHeight : rowHeight;
			return at;
		});
		area.style.height = `${top}px`;
		rows.replaceChildren(
			...found.rows.map((row, index) => {
				const node = new RowElement();
				node.update(row, {
					index,
					total: found.rows.length,
					selected: row.startPage < region.endPage && row.endPage > region.startPage && row.type !== "gap",
					above: found.rows[index - 1]?.startPage,
					pageSize,
					measureName: "Resident",
					top: tops[index] ?? 0,
					height: row.type === "gap" ? gapHeight : rowHeight,
				});
				return node.node;
			}),
		);
		const dpr = devicePixelRatio;
		canvas.style.left = `${left}px`;
		const room = Math.max(0, width - left - 8);
		const drawing = prepareCanvas(canvas, Math.max(1, room), Math.max(1, top), dpr);
		if (!drawing || room <= 0) return;
		for (const [index, row] of found.rows.entries()) {
			if (row.type === "gap" || row.strip.length === 0) continue;
			const y = (tops[index] ?? 0) + (rowHeight - stripHeights.total) / 2 + 0.5;
			paintStrip(drawing, 0, Math.round(y), room, row.strip, found.columns, context.palette(), { dpr });
		}
	};
	lifetime.observeSize(area, (measured) => {
		const width = Math.floor(measured);
		const room = stripCapacity(Math.max(0, width - stripLeft(width) - 8), devicePixelRatio);
		const question = JSON.stringify([width, room]);
		if (width <= 0 || question === asked) return;
		asked = question;
		service.neighbourhood(region.process, region.startPage, room).then(
			(found) => {
				if (asked === question && !lifetime.signal.aborted) show(found, width);
			},
			(error: unknown) => {
				if (lifetime.signal.aborted) return;
				const gone = toErrorData(error).code === "processGone";
				rows.replaceChildren(
					element("p", { class: "fact-note" }, gone ? "This process has ended." : "Its mappings cannot be read."),
				);
			},
		);
	});
	return view;
}

/** Where strips begin: after the columns of text that there is room for, CSS pixels. */
function stripLeft(width: number): number {
	return width < wideRows ? Math.round(width * 0.62) : Math.min(560, Math.round(width * 0.6));
}
