import type { FaultCard, FaultDrawing } from "../../../shared/debug/stopLayer";
import { iconButton } from "../../ui/controls";
import { element, setHidden } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { ViewContext } from "../context";
import { prepareCanvas } from "../draw/geometry";
import { stripCapacity } from "../draw/stripLayout";
import { drawingHeight, layoutDrawing, paintDrawing } from "./faultDrawing";
import { StripLoader } from "./stripLoader";

/** Why a signal stopped the program: what, where, in whose memory, how far off, and one drawing to the point. */
export class FaultCardView {
	readonly node = element("article", { class: "fault-card", "aria-label": "Why the program stopped" });
	readonly #canvas = element("canvas", { class: "fault-drawing", role: "img" });
	readonly #loader: StripLoader;
	#card: FaultCard | undefined;
	#key = "";
	#explained = false;

	constructor(private readonly context: ViewContext) {
		this.#loader = new StripLoader(context.service, () => this.draw());
	}

	/** `picture` names the stop. */
	update(card: FaultCard | undefined, picture: string): void {
		setHidden(this.node, card === undefined);
		const key = JSON.stringify([card, this.#explained]);
		this.#card = card;
		if (key !== this.#key) {
			this.#key = key;
			this.#build(card);
		}
		if (!card?.drawing) return;
		const pages = card.drawing.parts.flatMap((part) => (part.kind === "mapping" ? [part.startPage] : []));
		const room = stripCapacity(this.#width(), devicePixelRatio);
		this.context.perform(this.#loader.want(picture, 0, pages, room));
		this.draw();
	}

	draw(): void {
		const drawing = this.#card?.drawing;
		if (!drawing) return;
		const width = this.#width();
		const canvas = prepareCanvas(this.#canvas, Math.max(1, width), drawingHeight, devicePixelRatio);
		if (!canvas || width <= 0) return;
		const style = getComputedStyle(this.#canvas);
		const layout = layoutDrawing(drawing, width);
		const text = { font: `12px ${style.fontFamily}`, colour: style.color };
		paintDrawing(canvas, layout, drawing, this.#loader.strips, this.context.palette(), text);
	}

	#width(): number {
		return Math.max(0, this.node.clientWidth - 32);
	}

	#build(card: FaultCard | undefined): void {
		if (!card) {
			this.node.replaceChildren();
			return;
		}
		const copy = iconButton("copy", "Copy explanation");
		copy.addEventListener("click", () => {
			this.context.perform(this.context.service.copy(cardLines(card)));
			this.context.announce("Copied");
		});
		const head = element(
			"div",
			{ class: "fault-head" },
			icon("error"),
			element("h2", { class: "fault-title" }, card.title),
			copy,
		);
		const text = element("p", { class: "fault-text" });
		for (const { text: piece, style } of card.text) {
			text.append(
				style === "code" ? element("code", {}, piece) : style === "strong" ? element("strong", {}, piece) : piece,
			);
		}
		this.node.replaceChildren(head, text);
		if (card.drawing) this.node.append(...this.#drawing(card.drawing));
		this.node.append(this.#links(card));
		if (this.#explained && card.lesson !== undefined) {
			this.node.append(element("p", { class: "fault-lesson" }, card.lesson));
		}
	}

	#drawing({ marker, caption }: FaultDrawing): HTMLElement[] {
		this.#canvas.setAttribute("aria-label", [marker.text, caption].filter(Boolean).join(", in: "));
		return [this.#canvas, element("p", { class: "fault-caption" }, caption)];
	}

	#links({ links }: FaultCard): HTMLElement {
		const nodes = links.map(({ link, label }) => {
			const node = element("button", { class: "link", type: "button" }, label);
			if (link === "explain") node.setAttribute("aria-expanded", String(this.#explained));
			node.addEventListener("click", () => {
				if (link === "explain") {
					this.#explained = !this.#explained;
					this.context.store.redraw();
				} else this.context.perform(this.context.service.followCard(link));
			});
			return node;
		});
		return element("div", { class: "fault-links" }, ...nodes);
	}
}

function cardLines({ title, text, drawing }: FaultCard): string[] {
	return [title, text.map(({ text: piece }) => piece).join(""), drawing?.marker.text ?? ""].filter(Boolean);
}
