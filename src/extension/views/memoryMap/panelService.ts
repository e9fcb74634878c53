import type { MapPanelService } from "../../../shared/mapPanel";
import { copyLines } from "../clipboard";
import type { MemoryMapPanel, MemoryMapPanelOptions } from "./memoryMapPanel";
import * as check from "./panelArguments";

/** What the page of a Memory Map may ask for. Every argument is checked: it comes from a webview. */
export function panelService(
	panel: MemoryMapPanel,
	{ sampler, savedViews, actions }: Pick<MemoryMapPanelOptions, "sampler" | "savedViews" | "actions">,
): MapPanelService {
	return {
		ready: async () => {
			const saved = savedViews.get(panel.target);
			return { ...panel.settings(), ...(saved === undefined ? {} : { saved }) };
		},
		frame: async (query) => panel.frame(check.mapQuery(query)),
		pages: async (startPage, endPage) => {
			const [start, end] = check.pageRange(startPage, endPage);
			return sampler.call.pages(await panel.watch(), start, end);
		},
		locate: async (page) => sampler.call.locate(await panel.watch(), check.pageNumber(page)),
		bytes: async (page) => panel.bytes(check.pageNumber(page)),
		describe: async (page) => sampler.call.describePage(await panel.watch(), check.pageNumber(page)),
		pageFrame: async (page) => sampler.call.pageFrame(await panel.watch(), check.pageNumber(page)),
		relations: async (page) => sampler.call.relations(await panel.watch(), check.pageNumber(page)),
		stops: async () => panel.stops.layer ?? null,
		showStop: async (stop, against) =>
			panel.stops.show(check.stopNumber(stop), against === undefined ? undefined : check.stopNumber(against)),
		strips: async (list, startPages, room) =>
			panel.stops.strips(check.listIndex(list), check.stripPages(startPages), check.stripRoom(room)),
		followCard: async (link) => panel.stops.followCard(check.cardLink(link)),
		setLive: async (live) => panel.setLive(check.flag(live)),
		setPeriod: async (period) => panel.loop.setPeriod(check.periodArgument(period)),
		refresh: async () => panel.refresh(),
		readSmaps: async () => panel.refresh(true),
		copy: async (lines) => copyLines(...check.copiedLines(lines)),
		openText: async (file) => actions.openText(panel.target, check.rawFile(file)),
		promptForAddress: async () => actions.promptForAddress(panel),
		watchNext: async () => actions.watchNext(panel),
		saveState: async (state) => savedViews.set(panel.target, check.savedView(state)),
	};
}
