import type { Row, SelectedMapping } from "../../../shared/mapFrame";
import { stateCode } from "../../../shared/pageStates";
import { rowIcons } from "../../../shared/rowIcons";
import { visibleText } from "../../../shared/text";
import { hexPage } from "../../../shared/units";
import { type Button, iconButton } from "../../ui/controls";
import { element, setHidden, setText } from "../../ui/element";
import { icon, setIcon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { measureNames } from "../../words/names";
import type { Block, ViewContext } from "../context";
import { prepareCanvas } from "../draw/geometry";
import { glyphSizes, paintGlyph } from "../draw/glyph";
import type { Snapshot } from "../store";
import { describeGroup, groupFacts } from "../words/facts";
import { type PageFacts, pageTitle, sizeAndResident } from "../words/page";
import { FactTable } from "./factTable";
import { MappingDetails } from "./mappingDetails";
import { PageDetails } from "./pageDetails";

export interface InspectorActions {
	openPages(page: number): void;
	selectPage(page: number): void;
	back(): void;
	close(): void;
}

/** Beside or below the list: what is selected, in a sentence and in facts. */
export class Inspector implements Block {
	readonly node: HTMLElement;
	readonly page: PageDetails;
	readonly #mapping: MappingDetails;
	readonly #group: HTMLElement;
	readonly #groupSentence = element("p", { class: "sentence" });
	readonly #groupFacts = new FactTable();
	readonly #gone = element("p", { class: "sentence" }, "What was selected is not there any more.");
	readonly #icon = icon("file");
	readonly #glyph = element("canvas", { "aria-hidden": "true" });
	readonly #title = element("h2");
	readonly #brief = element("span", { class: "inspector-brief" });
	readonly #unfold: Button;
	readonly #unfoldIcon = icon("chevron-up");
	readonly #raw: Button;
	/** The selected group as it was last seen: its row may be scrolled out of the window. */
	#groupRow: Row | undefined;
	#copyText = "";

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
		actions: InspectorActions,
	) {
		this.#mapping = new MappingDetails(lifetime, context, actions);
		this.page = new PageDetails(lifetime, context);
		const groupText = element("div", { class: "details-text" }, this.#groupSentence, this.#groupFacts.node);
		this.#group = element("div", { class: "details" }, groupText);
		this.#unfold = iconButton("chevron-up", "Show more", { class: "sheet-unfold" });
		this.#unfold.replaceChildren(this.#unfoldIcon);
		const copy = iconButton("copy", "Copy");
		this.#raw = iconButton("go-to-file", "Open maps as text");
		const close = iconButton("close", "Close (Escape)");
		lifetime.listen(this.#unfold, "click", () => context.store.update({ sheetOpen: !context.store.state.sheetOpen }));
		lifetime.listen(copy, "click", () => this.#copy());
		lifetime.listen(this.#raw, "click", () => context.perform(context.service.openText("maps")));
		lifetime.listen(close, "click", () => actions.close());
		this.node = element(
			"aside",
			{ class: "inspector fades", "aria-label": "Details" },
			element(
				"div",
				{ class: "inspector-head" },
				this.#unfold,
				this.#icon,
				this.#glyph,
				this.#title,
				this.#brief,
				element("span", { class: "inspector-buttons" }, copy, this.#raw, close),
			),
			this.#mapping.node,
			this.page.node,
			this.#group,
			this.#gone,
		);
		lifetime.listen(this.node, "keydown", (event) => {
			if (event.key !== "Escape") return;
			event.preventDefault();
			event.stopPropagation();
			actions.close();
		});
	}

	update(snapshot: Snapshot): void {
		const { state } = snapshot;
		const inPages = state.openPage !== undefined;
		const frame = (inPages ? snapshot.pages : snapshot.list)?.frame;
		if (!frame) return;
		const selected = holds(frame.selected, state.selectedPage) ? frame.selected : undefined;
		const group = inPages ? undefined : this.#groupOf(snapshot);
		setHidden(this.#mapping.node, !selected || inPages);
		setHidden(this.page.node, !selected || !inPages);
		setHidden(this.#group, !group);
		// Until the frame of a new selection has come, what was shown before stays.
		setHidden(this.#gone, selected !== undefined || group !== undefined || frame.selected !== undefined);
		setHidden(this.#glyph, !inPages);
		setHidden(this.#icon, inPages);
		const narrow = this.context.layout() === "narrow";
		this.node.classList.toggle("brief", narrow && !state.sheetOpen && !inPages);
		setIcon(this.#unfoldIcon, state.sheetOpen ? "chevron-down" : "chevron-up");
		if (group) this.#showGroup(group, snapshot, frame.pageSize);
		else if (selected && inPages) this.#showPage(selected, state.selectedPage ?? 0, frame.pageSize);
		else if (selected) this.#showMapping(selected, snapshot, frame.pageSize);
	}

	focus(): boolean {
		if (this.#mapping.node.hidden) return false;
		this.#mapping.grid.focus();
		return true;
	}

	#groupOf({ state, list }: Snapshot): Row | undefined {
		if (state.selectedGroup === undefined) this.#groupRow = undefined;
		else {
			const row = list?.frame.rows.rows.find(({ key }) => key === state.selectedGroup);
			if (row) this.#groupRow = row;
			else if (this.#groupRow?.key !== state.selectedGroup) this.#groupRow = undefined;
		}
		return this.#groupRow;
	}

	#showMapping(mapping: SelectedMapping, { state }: Snapshot, pageSize: number): void {
		setIcon(this.#icon, rowIcons[mapping.kind]);
		setText(this.#title, visibleText(mapping.label));
		setText(this.#brief, sizeAndResident(mapping, pageSize));
		this.#copyText = mapping.line;
		this.#mapping.update(mapping, pageSize, state, this.node.classList.contains("brief"));
	}

	#showPage(mapping: SelectedMapping, page: number, pageSize: number): void {
		const facts = this.context.pages.get(page);
		setText(this.#title, pageTitle(page, mapping));
		setText(this.#brief, "");
		this.#copyText = `0x${hexPage(page, pageSize)}`;
		this.#paintGlyph(facts);
		this.page.update(page, facts, mapping, pageSize);
	}

	#showGroup(row: Row, { list }: Snapshot, pageSize: number): void {
		const measureName = measureNames[list?.query.measure ?? "resident"];
		setIcon(this.#icon, rowIcons[row.icon]);
		setText(this.#title, visibleText(row.name));
		setText(this.#brief, "");
		this.#copyText = `${hexPage(row.startPage, pageSize)}-${hexPage(row.endPage, pageSize)}`;
		setText(this.#groupSentence, describeGroup(row, measureName));
		this.#groupFacts.update(groupFacts(row, pageSize, measureName));
	}

	#paintGlyph(facts: PageFacts | undefined): void {
		const dpr = devicePixelRatio;
		const size = glyphSizes.legend;
		const canvas = prepareCanvas(this.#glyph, size.width, size.body + size.gap + size.lane, dpr);
		if (!canvas || !facts) return;
		const page = { state: stateCode[facts.state], flags: facts.flags, detailed: facts.detailed };
		paintGlyph(canvas, 0, 0, size, page, this.context.palette(), { dpr });
	}

	#copy(): void {
		this.context.perform(this.context.service.copy([this.#copyText]));
		this.context.announce("Copied");
	}
}

function holds(mapping: SelectedMapping | undefined, page: number | undefined): boolean {
	return mapping !== undefined && page !== undefined && page >= mapping.startPage && page < mapping.endPage;
}
