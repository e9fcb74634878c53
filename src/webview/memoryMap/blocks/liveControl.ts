import { type Button, button, iconButton } from "../../ui/controls";
import { element, setAttributes, setText } from "../../ui/element";
import { icon } from "../../ui/icons";
import type { Lifetime } from "../../ui/lifetime";
import { type MenuEntry, openMenu } from "../../ui/menu";
import type { ViewContext } from "../context";
import { newestFrame, type Snapshot } from "../store";
import { liveWords, periodWords } from "../words/view";

/** Periods to choose from, ms. */
const periods = [500, 1000, 2000, 5000, 10_000] as const;

/** The toggle *Live 1 s* with its menu of periods. */
export class LiveControl {
	readonly node: HTMLElement;
	readonly #toggle: Button;
	readonly #menu: Button;
	readonly #label = element("div", { class: "live-label" });

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		this.#toggle = button("");
		this.#toggle.append(element("div", { class: "live-face" }, icon("broadcast"), this.#label));
		this.#menu = iconButton("chevron-down", "How often");
		this.#menu.setAttribute("aria-haspopup", "menu");
		this.node = element("div", { class: "live", role: "group", "aria-label": "Live" }, this.#toggle, this.#menu);
		lifetime.listen(this.#toggle, "click", () => toggleLive(context));
		lifetime.listen(this.#menu, "click", () => openMenu(this.#menu, "How often", this.#entries()));
	}

	update(snapshot: Snapshot): void {
		const { settings } = snapshot;
		if (!settings) return;
		const frame = newestFrame(snapshot);
		const ended = frame?.status.kind === "ended";
		const live = settings.live && !ended;
		const { label, tip } = liveWords(settings, frame?.sample, ended);
		setText(this.#label, label);
		this.node.classList.toggle("on", live);
		setAttributes(this.#toggle, {
			"aria-pressed": String(live),
			"aria-label": label,
			"data-tip": tip,
			disabled: ended,
		});
	}

	#entries(): MenuEntry[] {
		const { settings } = this.context.store.snapshot;
		return periods.map((period) => ({
			label: `Every ${periodWords(period)}`,
			checked: settings?.period === period,
			run: () => this.context.perform(this.context.service.setPeriod(period)),
		}));
	}
}

/** Turns live sampling on or off. */
export function toggleLive({ store, service, perform, announce }: ViewContext): void {
	const { settings } = store.snapshot;
	if (!settings) return;
	perform(service.setLive(!settings.live));
	announce(settings.live ? "Live off" : "Live on");
}
