import type { LabPanelEvents, LabPanelService } from "../../shared/labPanel";
import type { Client } from "../../shared/rpc";
import { type Palette, readPalette, themeKindOf } from "../memoryMap/draw/palette";
import { element, setAttributes, setHidden, setText } from "../ui/element";
import { type FocusBlock, focusNextBlock } from "../ui/focusBlocks";
import { Lifetime } from "../ui/lifetime";
import { Splitter } from "../ui/splitter";
import { observeTheme } from "../ui/theme";
import { Tooltip } from "../ui/tooltip";
import type { LabContext } from "./context";
import { Detail } from "./detail";
import { LabHeader } from "./header";
import { Notices } from "./notices";
import { Parameters } from "./parameters";
import { Composer } from "./playground/composer";
import { StepList } from "./steps";
import { type LabSnapshot, LabStore } from "./store";
import { processesWords, resultSentence } from "./words/view";

/** Narrower panels have the details below the steps, CSS pixels. */
const stacked = 800;
const leastSteps = 280;
/** Pause after the edge of the details was moved before that is kept, ms. */
const keepPause = 300;

/** The Lab panel: steps and C on the left, what the kernel says on the right. */
export class LabApp {
	readonly node: HTMLElement;
	readonly store: LabStore;
	readonly #lifetime = new Lifetime();
	readonly #header: LabHeader;
	readonly #notices: Notices;
	readonly #parameters: Parameters;
	readonly #steps: StepList;
	readonly #composer: Composer;
	readonly #detail: Detail;
	readonly #footer = element("p", { class: "lab-footer" });
	readonly #live = element("div", { class: "visually-hidden", "aria-live": "polite" });
	readonly #loading = element("p", { class: "lab-loading" }, "Getting the lab ready…");
	readonly #body: HTMLElement;
	readonly #splitter: Splitter;
	#palette: Palette = currentPalette();
	#width = 0;
	#detailWidth: number | undefined;
	#keeping: ReturnType<typeof setTimeout> | undefined;
	/** The result that was read out last, and those that were there before anybody looked. */
	#announced: unknown;

	constructor(client: Client<LabPanelService, LabPanelEvents>) {
		const lifetime = this.#lifetime;
		this.store = new LabStore(client.call);
		const context: LabContext = {
			store: this.store,
			service: client.call,
			tooltip: lifetime.own(new Tooltip()),
			palette: () => this.#palette,
			announce: (text) => setText(this.#live, text),
		};
		this.#header = new LabHeader(lifetime, context);
		this.#notices = new Notices(context);
		this.#parameters = new Parameters(lifetime, context);
		this.#steps = new StepList(lifetime, context);
		this.#composer = new Composer(lifetime, context);
		this.#detail = new Detail(context);
		this.#splitter = new Splitter(lifetime, {
			label: "Size of the details",
			size: 0,
			limits: () => this.#limits(),
			onResize: (size) => {
				this.setDetailWidth(size);
				this.#keepWidth(client.call);
			},
		});
		const left = element(
			"div",
			{ class: "lab-left" },
			this.#parameters.node,
			this.#steps.node,
			this.#composer.node,
			this.#footer,
		);
		this.#body = element("div", { class: "lab-body" }, left, this.#splitter.node, this.#detail.node);
		this.node = element(
			"div",
			{ class: "lab" },
			this.#header.node,
			this.#notices.node,
			this.#loading,
			this.#body,
			this.#live,
		);
		setHidden(this.#header.node, true);
		setHidden(this.#body, true);
		setHidden(this.#notices.node, true);
		this.store.subscribe((snapshot) => this.#update(snapshot));
		lifetime.add(client.on("state", (state) => this.store.receive(state)));
		lifetime.add(client.on("select", ({ step }) => this.store.select(step)));
		lifetime.observeSize(document.documentElement, (width) => {
			this.#width = width;
			this.#layout();
		});
		observeTheme(lifetime, () => {
			this.#palette = currentPalette();
			this.store.redraw();
		});
		lifetime.listen(document, "keydown", (event) => {
			if (event.key !== "F6" || event.ctrlKey || event.altKey || event.metaKey) return;
			if (!focusNextBlock(this.#blocks(), event.shiftKey ? -1 : 1)) return;
			event.preventDefault();
			event.stopPropagation();
		});
	}

	/** Takes a width for the details, CSS pixels, as far as there is room for it. */
	setDetailWidth(width: number): void {
		this.#detailWidth = width;
		this.#layout();
	}

	/** Keeps the width, once it has not changed for a moment. A width that is not kept is no reason for a notice. */
	#keepWidth(service: LabPanelService): void {
		clearTimeout(this.#keeping);
		this.#keeping = setTimeout(() => {
			service.keepDetailWidth(this.#detailWidth ?? 0).catch(() => undefined);
		}, keepPause);
	}

	/** The page could not be set up: says so in place of everything. */
	fail(): void {
		setText(
			this.#loading,
			"The lab could not be opened. Close this tab and open it again; the Mapscope output channel has the details.",
		);
	}

	#update(snapshot: LabSnapshot): void {
		const { state, result } = snapshot;
		const first = this.#body.hidden;
		setHidden(this.#loading, true);
		setHidden(this.#header.node, false);
		setHidden(this.#body, false);
		setAttributes(this.node, {
			"data-demo": state.demo.id,
			"data-done": state.done,
			"data-activity": state.activity,
			"aria-busy": state.activity !== "idle",
		});
		for (const part of [this.#header, this.#notices, this.#parameters, this.#steps, this.#composer, this.#detail])
			part.update(snapshot);
		setText(this.#footer, processesWords(state));
		if (first) {
			this.#announced = result;
			this.#steps.focus();
		}
		if (result && result !== this.#announced && result.step === state.done - 1) {
			this.#announced = result;
			setText(this.#live, resultSentence(state, result));
		}
	}

	#blocks(): FocusBlock[] {
		return [this.#header, this.#parameters, this.#steps, this.#composer, this.#detail];
	}

	#limits(): { readonly min: number; readonly max: number } {
		return { min: 320, max: Math.max(320, this.#width - leastSteps) };
	}

	#layout(): void {
		const narrow = this.#width < stacked;
		setAttributes(this.node, { "data-layout": narrow ? "narrow" : "wide" });
		setHidden(this.#splitter.node, narrow);
		const { min, max } = this.#limits();
		const wanted = this.#detailWidth ?? this.#width - Math.min(480, Math.max(leastSteps, this.#width * 0.4));
		const size = Math.round(Math.max(min, Math.min(max, wanted)));
		this.#body.style.setProperty("--detail-width", `${size}px`);
		this.#splitter.update(size, false);
	}
}

function currentPalette(): Palette {
	return readPalette(getComputedStyle(document.documentElement), themeKindOf(document.body.classList));
}
