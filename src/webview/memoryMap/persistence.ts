import type { MapPanelService, SavedView } from "../../shared/mapPanel";
import type { Lifetime } from "../ui/lifetime";
import type { MapStore } from "./store";
import { toSaved } from "./viewState";

/** Pause after a change before it is saved, ms. */
const pause = 300;

/** Keeps what the person has chosen with the host, which gives it back when the panel is shown again. */
export function persist(lifetime: Lifetime, store: MapStore, service: Pick<MapPanelService, "saveState">): void {
	let saved = JSON.stringify(toSaved(store.state));
	let timer: ReturnType<typeof setTimeout> | undefined;
	const save = () => {
		clearTimeout(timer);
		timer = undefined;
		const view: SavedView = toSaved(store.state);
		const text = JSON.stringify(view);
		if (text === saved) return;
		saved = text;
		// A view that is not kept is no reason for a notice: the next change tries again.
		service.saveState(view).catch(() => {
			saved = "";
		});
	};
	lifetime.add(
		store.subscribe(() => {
			timer ??= setTimeout(save, pause);
		}),
	);
	lifetime.listen(window, "pagehide" as keyof HTMLElementEventMap, save);
	lifetime.listen(document, "visibilitychange" as keyof HTMLElementEventMap, save);
	lifetime.add(() => clearTimeout(timer));
}
