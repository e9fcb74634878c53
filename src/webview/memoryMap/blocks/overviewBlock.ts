import type { Overview, OverviewSegment, SelectedMapping } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { element, setHidden, setText } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { TipLine } from "../../ui/tooltip";
import type { Block, ViewContext } from "../context";
import { type PageRange, prepareCanvas } from "../draw/geometry";
import { stateMask } from "../draw/options";
import {
	type OverviewHit,
	overviewHit,
	overviewPage,
	overviewPlace,
	overviewRows,
	paintOverview,
} from "../draw/overview";
import type { ReceivedFrame, Snapshot } from "../store";
import { sizeAndResident } from "../words/page";
import { noZoom, pan, zoomAround, zoomOffset } from "../zoom";
import { ColourMenu } from "./colourMenu";
import { KindKey } from "./kindKey";
import { overviewTip } from "./overviewTip";

/** Largest zoom: the frame stays below 64 KiB on a wide screen. */
const maxZoom = 8;
/** Widest overview to ask for, CSS pixels. */
const maxWidth = 16_000;

export interface OverviewActions {
	/** Pages that the list shows. */
	visibleRanges(): readonly PageRange[];
	/** Selects the mapping at a page and brings it into view. */
	select(page: number): void;
	/** Scrolls the list to a page, without selecting. */
	scrollTo(page: number): void;
	openPages(page: number): void;
}

/** The whole address space on one line: gaps compressed, what the list shows underlined. */
export class OverviewBlock implements Block {
	readonly node: HTMLElement;
	readonly #canvas: HTMLCanvasElement;
	readonly #note = element("span", { class: "section-note" });
	readonly #colour: ColourMenu;
	/** What the colours mean while they are those of kinds; the legend below is about strips, which keep to states. */
	readonly #key: KindKey;
	#width = 0;
	#zoom = noZoom;
	#hover: number | undefined;
	#received: ReceivedFrame | undefined;
	#snapshot: Snapshot | undefined;
	/** Key of the mapping that was announced last. */
	#said = "";

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
		private readonly actions: OverviewActions,
	) {
		this.#canvas = element("canvas", {
			class: "overview-canvas",
			tabindex: 0,
			role: "application",
			"aria-label": "Address space",
			"aria-roledescription": "map",
		});
		this.#colour = new ColourMenu(lifetime, context.store);
		this.#key = new KindKey(element("span", { class: "kind-key", "aria-label": "Kinds", role: "note" }), context);
		const title = element("span", { class: "section-title" }, "Address space");
		const frame = element("div", { class: "overview-frame" }, this.#canvas);
		this.node = element(
			"section",
			{ class: "overview fades", "aria-label": "Address space" },
			element("div", { class: "section-head" }, title, this.#note, this.#key.node, this.#colour.node),
			frame,
		);
		this.#writeNote();
		lifetime.observeSize(frame, (width) => this.#resize(Math.floor(width)));
		lifetime.listen(this.#canvas, "pointerdown", (event) => this.#onPointerDown(event));
		lifetime.listen(this.#canvas, "pointermove", (event) => this.#setHover(this.#hit(event)?.index));
		lifetime.listen(this.#canvas, "pointerleave", () => this.#setHover(undefined));
		lifetime.listen(this.#canvas, "dblclick", (event) => this.#onDoubleClick(event));
		lifetime.listen(this.#canvas, "wheel", (event) => this.#onWheel(event), { passive: false });
		lifetime.listen(this.#canvas, "keydown", (event) => this.#onKey(event));
		lifetime.listen(this.#canvas, "focus", () => this.draw());
		lifetime.listen(this.#canvas, "blur", () => this.draw());
		context.tooltip.attach(this.#canvas, (x, y) => this.#tip(x, y), lifetime.signal);
	}

	update(snapshot: Snapshot): void {
		this.#snapshot = snapshot;
		this.#received = snapshot.list;
		const { colourByKind } = snapshot.state;
		this.#colour.update(snapshot.state);
		setHidden(this.#note, colourByKind);
		setHidden(this.#key.node, !colourByKind);
		if (snapshot.list) {
			const { overview, selected, pageSize } = snapshot.list.frame;
			if (colourByKind) this.#key.update(overview.segments.map(({ mappingKind }) => mappingKind));
			this.#announce(selected, pageSize);
		}
		this.draw();
	}

	focus(): boolean {
		this.#canvas.focus();
		return true;
	}

	/** Draws again: the list has scrolled. */
	draw(): void {
		const { frame } = this.#received ?? {};
		if (!frame || !this.#snapshot || this.#width === 0) return;
		const dpr = devicePixelRatio;
		const context = prepareCanvas(this.#canvas, this.#width, overviewRows.total, dpr);
		if (!context) return;
		const { state } = this.#snapshot;
		const style = getComputedStyle(document.body);
		const selection = selectedRange(this.#snapshot);
		const palette = this.context.palette();
		const colourOf = ({ mappingKind }: OverviewSegment) => mappingKind && palette.kinds[mappingKind];
		paintOverview(context, frame.overview, palette, {
			dpr,
			hidden: stateMask(state.hiddenStates),
			width: this.#width,
			offset: this.#offset(),
			pageSize: frame.pageSize,
			fontFamily: style.fontFamily,
			monospaceFamily: style.getPropertyValue("--vscode-editor-font-family") || "monospace",
			focused: document.activeElement === this.#canvas,
			viewport: this.actions.visibleRanges(),
			...(state.colourByKind ? { colourOf } : {}),
			...(selection ? { selection } : {}),
			...(this.#hover === undefined ? {} : { hover: this.#hover }),
		});
	}

	#resize(width: number): void {
		if (width === this.#width) return;
		this.#width = width;
		this.#askWidth();
		this.draw();
	}

	#askWidth(): void {
		const overviewWidth = Math.min(maxWidth, Math.round(this.#width * this.#zoom.factor));
		this.context.store.setViewport({ overviewWidth });
	}

	/** Width of the whole overview as the frame has it, CSS pixels. */
	#fullWidth(): number {
		return this.#received?.query.overviewWidth ?? this.#width;
	}

	#offset(): number {
		return zoomOffset(this.#zoom, this.#fullWidth(), this.#width);
	}

	#hit(event: MouseEvent): OverviewHit | undefined {
		const overview = this.#received?.frame.overview;
		return overview && overviewHit(overview, event.offsetX, event.offsetY, this.#offset());
	}

	#setHover(index: number | undefined): void {
		if (index === this.#hover) return;
		this.#hover = index;
		this.draw();
	}

	#onPointerDown(down: PointerEvent): void {
		if (down.button !== 0) return;
		const hit = this.#hit(down);
		this.#canvas.setPointerCapture(down.pointerId);
		const { start } = this.#zoom;
		let moved = false;
		const move = (event: PointerEvent) => {
			moved ||= Math.abs(event.clientX - down.clientX) > 3;
			if (hit?.zone === "rule") this.#scrollList(event);
			else if (moved && this.#zoom.factor > 1) this.#pan(start + (down.clientX - event.clientX) / this.#fullWidth());
		};
		const up = () => {
			this.#canvas.removeEventListener("pointermove", move);
			if (!moved && hit && hit.zone === "map" && hit.segment.kind !== "gap") this.actions.select(hit.startPage);
		};
		if (hit?.zone === "rule") this.#scrollList(down);
		this.#canvas.addEventListener("pointermove", move);
		this.#canvas.addEventListener("lostpointercapture", up, { once: true });
	}

	#scrollList(event: PointerEvent): void {
		const overview = this.#received?.frame.overview;
		const page = overview && overviewPage(overview, event.offsetX + this.#offset());
		if (page !== undefined) this.actions.scrollTo(page);
	}

	#onDoubleClick(event: MouseEvent): void {
		const hit = this.#hit(event);
		if (hit?.zone === "map" && hit.segment.kind !== "gap") this.actions.openPages(hit.startPage);
	}

	#onWheel(event: WheelEvent): void {
		event.preventDefault();
		if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
			const delta = event.shiftKey ? event.deltaY : event.deltaX;
			this.#pan(this.#zoom.start + delta / this.#fullWidth());
			return;
		}
		this.#zoomTo(this.#zoom.factor * (event.deltaY < 0 ? 1.25 : 0.8), event.offsetX);
	}

	/** Zooms so that what lies at `x` of the canvas stays there. */
	#zoomTo(wanted: number, x: number): void {
		const most = Math.min(maxZoom, maxWidth / Math.max(1, this.#width));
		this.#zoom = zoomAround(this.#zoom, wanted, most, x / Math.max(1, this.#width));
		this.#writeNote();
		this.#askWidth();
		this.draw();
	}

	#writeNote(): void {
		const { factor } = this.#zoom;
		const zoomed = `${Number(factor.toPrecision(2))} times as wide; drag to move, wheel to zoom`;
		const whole = "low to high; gaps and reservations compressed, sizes written in them";
		setText(this.#note, factor > 1 ? zoomed : whole);
	}

	#pan(start: number): void {
		this.#zoom = pan(this.#zoom, start);
		this.draw();
	}

	#onKey(event: KeyboardEvent): void {
		if (event.ctrlKey || event.altKey || event.metaKey) return;
		const overview = this.#received?.frame.overview;
		const page = this.#snapshot?.state.selectedPage;
		if (event.key === "+" || event.key === "=") this.#zoomTo(this.#zoom.factor * 1.25, this.#focusX());
		else if (event.key === "-") this.#zoomTo(this.#zoom.factor * 0.8, this.#focusX());
		else if (event.key === "Enter" && page !== undefined) this.actions.openPages(page);
		else {
			const next = overview && nextMapping(overview, page, event.key);
			if (next === undefined) return;
			this.actions.select(next);
			this.#reveal(next);
		}
		event.preventDefault();
	}

	#focusX(): number {
		const place = this.#placeOf(this.#snapshot?.state.selectedPage);
		return place === undefined ? this.#width / 2 : place - this.#offset();
	}

	#placeOf(page: number | undefined): number | undefined {
		const overview = this.#received?.frame.overview;
		return overview && page !== undefined ? overviewPlace(overview, page) : undefined;
	}

	#reveal(page: number): void {
		const place = this.#placeOf(page);
		if (place === undefined) return;
		const x = place - this.#offset();
		if (x < 0 || x > this.#width) this.#pan((place - this.#width / 2) / this.#fullWidth());
	}

	#tip(x: number, y: number): TipLine[] | undefined {
		const frame = this.#received?.frame;
		const hit = frame && overviewHit(frame.overview, x, y, this.#offset());
		return frame && hit && overviewTip(hit, frame.overview, frame.pageSize);
	}

	/** Tells screen readers which mapping the keys have led to. */
	#announce(selected: SelectedMapping | undefined, pageSize: number): void {
		if (!selected || selected.key === this.#said) return;
		this.#said = selected.key;
		if (document.activeElement !== this.#canvas) return;
		this.context.announce(`${visibleText(selected.label)}, ${sizeAndResident(selected, pageSize)}`);
	}
}

function selectedRange({ state, list }: Snapshot): PageRange | undefined {
	const selected = list?.frame.selected;
	if (selected) return selected;
	if (state.selectedGroup === undefined) return undefined;
	return list?.frame.rows.rows.find(({ key }) => key === state.selectedGroup);
}

/** First page of the mapping segment that a key leads to from the one that holds `page`. */
export function nextMapping({ segments }: Overview, page: number | undefined, key: string): number | undefined {
	const mappings = segments.filter(({ kind }) => kind !== "gap");
	const at = mappings.findIndex(({ startPage, endPage }) => page !== undefined && page >= startPage && page < endPage);
	if (key === "Home") return mappings[0]?.startPage;
	if (key === "End") return mappings.at(-1)?.startPage;
	if (key === "ArrowRight") return mappings[at + 1]?.startPage;
	if (key === "ArrowLeft") return mappings[at < 0 ? mappings.length - 1 : at - 1]?.startPage;
	return undefined;
}
