import { mappingKinds } from "../../../shared/mappingKinds";
import { hexPage } from "../../../shared/units";
import { element, setText } from "../../ui/element";
import type { ViewContext } from "../context";
import { type PageGridOptions, paintPageCells } from "../draw/cells";
import { prepareCanvas } from "../draw/geometry";
import { stateMask } from "../draw/options";
import { type MappingSection, pagesOfRows, type Section, sectionHeights, visibleGridRows } from "../pageSections";
import type { ViewState } from "../viewState";
import { SectionHead } from "./sectionHead";

/** What of the page view is on the screen, CSS pixels. */
export interface PageScreen {
	/** Visible sections. */
	readonly sections: readonly Section[];
	/** First visible pixel of the content. */
	readonly top: number;
	readonly width: number;
	readonly height: number;
	/** Where the cells begin. */
	readonly left: number;
	readonly pageSize: number;
	readonly focused: boolean;
	readonly hover: number | undefined;
}

/** Draws what is on the screen: heads and addresses as text, cells on one canvas. Elements are reused. */
export class PageCanvas {
	readonly #canvas = element("canvas", { class: "page-cells", "aria-hidden": "true" });
	readonly #heads: SectionHead[] = [];
	readonly #addresses: HTMLElement[] = [];

	constructor(
		private readonly context: ViewContext,
		private readonly view: HTMLElement,
	) {
		view.append(this.#canvas);
	}

	draw(screen: PageScreen, state: ViewState): void {
		const { sections, top, width, height, left, pageSize } = screen;
		this.#showHeads(sections, top, pageSize);
		const mappings = sections.filter((section) => section.kind === "mapping");
		this.#showAddresses(mappings, screen);
		this.#canvas.style.left = `${left}px`;
		const canvas = prepareCanvas(this.#canvas, Math.max(1, width - left), Math.max(1, height), devicePixelRatio);
		if (!canvas) return;
		for (const section of mappings) this.#paint(canvas, section, screen, state);
	}

	#showHeads(sections: readonly Section[], top: number, pageSize: number): void {
		for (const [slot, section] of sections.entries()) {
			const head = this.#heads[slot] ?? this.#addHead();
			head.update(section, Math.round(section.top - top), pageSize);
			head.node.hidden = false;
		}
		for (const head of this.#heads.slice(sections.length)) head.node.hidden = true;
	}

	/** Writes the address at each second row. */
	#showAddresses(sections: readonly MappingSection[], { top, height, pageSize }: PageScreen): void {
		let slot = 0;
		for (const section of sections) {
			const { first, count } = visibleGridRows(section, top, top + height);
			for (let line = first + (first % 2); line < first + count; line += 2) {
				const node = this.#addresses[slot] ?? this.#addAddress();
				slot++;
				const y = section.top + sectionHeights.head + line * section.grid.pitchY - top;
				node.style.transform = `translateY(${Math.round(y)}px)`;
				setText(node, hexPage(pagesOfRows(section, line, 1).startPage, pageSize));
				node.hidden = false;
			}
		}
		for (const node of this.#addresses.slice(slot)) node.hidden = true;
	}

	#paint(canvas: CanvasRenderingContext2D, section: MappingSection, screen: PageScreen, state: ViewState): void {
		const { row, grid } = section;
		const { context } = this;
		const palette = context.palette();
		const rows = visibleGridRows(section, screen.top, screen.top + screen.height);
		const indexOf = (page: number | undefined) =>
			page !== undefined && page >= row.startPage && page < row.endPage ? page - row.startPage : undefined;
		const selected = indexOf(state.selectedPage);
		const hover = indexOf(screen.hover);
		const kind = state.colourByKind ? mappingKinds.find((name) => name === row.icon) : undefined;
		const options: PageGridOptions = {
			dpr: devicePixelRatio,
			rows,
			letterFont: `11px ${getComputedStyle(document.body).getPropertyValue("--vscode-editor-font-family")}`,
			hidden: stateMask(state.hiddenStates),
			tickOpacity: context.ticks.opacity,
			focused: screen.focused,
			cacheHidden: row.strip[0]?.cache === "hidden",
			...(selected === undefined ? {} : { selected }),
			...(hover === undefined ? {} : { hover }),
			...(kind === undefined ? {} : { bodyColour: palette.kinds[kind] }),
		};
		const y = Math.round(section.top + sectionHeights.head - screen.top);
		for (const piece of context.pages.pieces(pagesOfRows(section, rows.first, rows.count))) {
			paintPageCells(canvas, 0, y, grid, piece, palette, options, piece.startPage - row.startPage);
		}
	}

	#addHead(): SectionHead {
		const head = new SectionHead();
		this.#heads.push(head);
		this.view.append(head.node);
		return head;
	}

	#addAddress(): HTMLElement {
		const node = element("span", { class: "page-address" });
		this.#addresses.push(node);
		this.view.append(node);
		return node;
	}
}
