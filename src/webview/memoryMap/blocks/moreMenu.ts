import { formatDuration } from "../../../shared/units";
import type { MenuEntry } from "../../ui/menu";
import { orderNames } from "../../words/names";
import type { ViewContext } from "../context";
import { orderChoices } from "../keyboard";
import { newestFrame } from "../store";

/** What may be done with the view as a whole. Where there may be no room for the list's own menus, they are here too. */
export function moreMenu(context: ViewContext): MenuEntry[] {
	const { store, service, perform } = context;
	const { state, settings } = store.snapshot;
	const wide = context.layout() === "wide";
	const sample = newestFrame(store.snapshot)?.sample;
	const listMenus: MenuEntry[] = wide
		? []
		: [...orderEntries(context), "separator", ...groupEntries(context), "separator"];
	const smaps: MenuEntry[] =
		sample && !sample.smaps
			? [
					{
						label: "Read smaps once",
						detail: settings?.smapsEstimate === undefined ? "" : `about ${formatDuration(settings.smapsEstimate)}`,
						run: () => perform(service.readSmaps()),
					},
				]
			: [];
	return [
		...listMenus,
		{
			label: state.table ? "Show as map" : "Show as table",
			run: () => store.update({ table: !state.table }),
		},
		{ label: "Go to address…", detail: "G", run: () => perform(service.promptForAddress()) },
		"separator",
		...smaps,
		{ label: "Open maps as text", run: () => perform(service.openText("maps")) },
		{ label: "Open smaps as text", run: () => perform(service.openText("smaps")) },
	];
}

/** The orders of the list. */
export function orderEntries({ store }: ViewContext): MenuEntry[] {
	return orderChoices.map((order) => ({
		label: `Sort by ${orderNames[order].toLowerCase()}`,
		checked: store.state.order === order,
		run: () => store.update({ order }),
	}));
}

/** Folding, or every mapping by itself. */
export function groupEntries({ store }: ViewContext): MenuEntry[] {
	return [true, false].map((grouped) => ({
		label: grouped ? "Group by module" : "No grouping",
		checked: store.state.grouped === grouped,
		run: () => store.update({ grouped }),
	}));
}
