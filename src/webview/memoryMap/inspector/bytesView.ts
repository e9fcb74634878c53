import { toErrorData } from "../../../shared/errors";
import type { PageBytes } from "../../../shared/pageBytes";
import { pageToAddress } from "../../../shared/units";
import { type Button, button, iconButton } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import { Lifetime } from "../../ui/lifetime";
import { VirtualScroller } from "../../ui/virtualScroller";
import { type ByteRow, byteRow, bytesPerRow, dumpLines, markedPieces } from "../byteRows";
import type { ViewContext } from "../context";
import { isReadable, type PageFacts } from "../words/page";
import { bytesErrorWords, comparisonWords } from "../words/view";

const rowHeight = 18;

/** The bytes of one page. They are read when the person asks, once, and forgotten with the page. */
export class BytesView {
	readonly node: HTMLElement;
	readonly #note = element("span", { class: "section-note" });
	readonly #message = element("p", { class: "bytes-message" });
	readonly #read: Button;
	readonly #again: Button;
	readonly #copy: Button;
	readonly #scroller: VirtualScroller;
	readonly #rows: HTMLElement[] = [];
	#page: number | undefined;
	#pageSize = 1;
	#content: PageBytes | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		this.#read = button("Read bytes");
		this.#again = iconButton("refresh", "Read the bytes again");
		this.#copy = iconButton("copy", "Copy the bytes");
		const own = lifetime.own(new Lifetime());
		this.#scroller = new VirtualScroller(own, () => this.#draw());
		this.#scroller.node.classList.add("bytes");
		this.#scroller.node.tabIndex = 0;
		this.#scroller.node.setAttribute("aria-label", "Bytes of the page");
		const title = element("span", { class: "section-title" }, "Bytes");
		this.node = element(
			"div",
			{ class: "bytes-section" },
			element("div", { class: "section-head" }, title, this.#note, this.#again, this.#copy),
			this.#message,
			this.#read,
			this.#scroller.node,
		);
		lifetime.listen(this.#read, "click", () => this.read());
		lifetime.listen(this.#again, "click", () => this.read());
		lifetime.listen(this.#copy, "click", () => this.#copyBytes());
		this.#show("");
	}

	/** The page whose bytes may be asked for. Another page's bytes are forgotten. */
	update(facts: PageFacts | undefined, page: number, pageSize: number): void {
		if (page !== this.#page) {
			this.#page = page;
			this.#pageSize = pageSize;
			this.#content = undefined;
			this.#show("");
		}
		const readable = facts !== undefined && isReadable(facts);
		setHidden(this.#read, !readable || this.#content !== undefined);
		if (facts && !readable && !this.#content)
			setText(this.#message, "Only pages with memory behind them are read, so that looking changes nothing.");
	}

	/** Reads the page now. */
	read(): void {
		const page = this.#page;
		if (page === undefined) return;
		this.context.service.bytes(page).then(
			(content) => {
				if (page !== this.#page) return;
				this.#content = content;
				this.#show(comparisonWords(content));
			},
			(error: unknown) => {
				if (page === this.#page) this.#show(bytesErrorWords(toErrorData(error)));
			},
		);
	}

	#show(message: string): void {
		const shown = this.#content !== undefined;
		const hadFocus = document.activeElement === this.#read;
		setText(this.#message, message);
		setText(this.#note, shown ? "read once, on request" : "read only on request");
		for (const node of [this.#again, this.#copy, this.#scroller.node]) setHidden(node, !shown);
		setHidden(this.#read, shown);
		if (shown && hadFocus) this.#scroller.node.focus();
		this.#draw();
	}

	#draw(): void {
		if (!this.#content || this.#page === undefined) return;
		const { bytes, file } = this.#content;
		const width = bytesPerRow(this.#scroller.viewWidth);
		this.#scroller.setContentHeight(Math.ceil(bytes.length / width) * rowHeight);
		const first = Math.floor(this.#scroller.top / rowHeight);
		const count = Math.ceil(this.#scroller.viewHeight / rowHeight) + 1;
		const address = pageToAddress(this.#page, this.#pageSize);
		for (let slot = 0; slot < count; slot++) {
			const offset = (first + slot) * width;
			const node = this.#rows[slot] ?? this.#addRow();
			const row = offset < bytes.length ? byteRow(bytes, offset, width, address, file) : undefined;
			setHidden(node, row === undefined);
			if (!row) continue;
			node.style.transform = `translateY(${(first + slot) * rowHeight - this.#scroller.top}px)`;
			const [addressCell, hexCell, textCell] = node.children;
			if (addressCell) setText(addressCell, row.address);
			if (hexCell) setPieces(hexCell, row.hex, row.marks, 3);
			if (textCell) setPieces(textCell, row.text, row.marks, 1);
		}
		for (const node of this.#rows.slice(count)) setHidden(node, true);
	}

	#addRow(): HTMLElement {
		const parts = ["byte-address", "byte-hex", "byte-text"].map((name) => element("span", { class: name }));
		const node = element("div", { class: "byte-row" }, ...parts);
		this.#rows.push(node);
		this.#scroller.view.append(node);
		return node;
	}

	#copyBytes(): void {
		if (!this.#content || this.#page === undefined) return;
		const lines = dumpLines(this.#content.bytes, pageToAddress(this.#page, this.#pageSize));
		this.context.perform(this.context.service.copy(lines));
		this.context.announce("Copied");
	}
}

/** Writes a text whose marked bytes stand out. */
function setPieces(cell: Element, text: string, marks: ByteRow["marks"], stride: 1 | 3): void {
	if (marks.length === 0 && cell.childElementCount === 0) {
		setText(cell, text);
		return;
	}
	const pieces = markedPieces(text, marks, stride);
	cell.replaceChildren(...pieces.map((piece) => (piece.marked ? element("mark", {}, piece.text) : piece.text)));
}
