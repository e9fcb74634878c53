import type { StopLayer } from "../../shared/debug/stopLayer";
import { type ErrorData, toErrorData } from "../../shared/errors";
import type { MapFrame, MapQuery } from "../../shared/mapFrame";
import type { MapPanelService, MapPanelSettings } from "../../shared/mapPanel";
import { buildQuery, initialState, initialViewport, type Viewport, type ViewState } from "./viewState";

/** A frame, with the query it answers and what brought it. */
export interface ReceivedFrame {
	readonly frame: MapFrame;
	readonly query: MapQuery;
	/** `sample`: time has passed. `query`: the person asked for something else, be it of a newer sample. */
	readonly cause: "sample" | "query";
}

/** All that the blocks draw. */
export interface Snapshot {
	readonly state: ViewState;
	readonly viewport: Viewport;
	readonly settings: MapPanelSettings | undefined;
	/** The last frame of the list, and of the page view. */
	readonly list: ReceivedFrame | undefined;
	readonly pages: ReceivedFrame | undefined;
	/** Why the last call failed; cleared by the next frame. */
	readonly failure: ErrorData | undefined;
	/** The stops, when the process is debugged. */
	readonly stops: StopLayer | undefined;
	/** A passing remark, e.g. that nothing is mapped at an address; stays until it is closed or replaced. */
	readonly remark: string | undefined;
}

/** The newest frame of either view: totals and process are the same in both. */
export function newestFrame(snapshot: Snapshot): MapFrame | undefined {
	const { list, pages } = snapshot;
	if (!list || !pages) return (list ?? pages)?.frame;
	return pages.frame.sample.number > list.frame.sample.number ? pages.frame : list.frame;
}

/** Whether the changes at a stop are shown, and not the map. */
export function showsChanges({ state, stops }: Snapshot): boolean {
	return stops?.shown !== undefined && state.changes && state.openPage === undefined && !state.table;
}

/**
 * The state of the view and the only one who asks for frames: one request at a time, and after it one more when the
 * query has changed meanwhile, so that the last choice wins and nothing queues up behind a slow host.
 */
export class MapStore {
	#snapshot: Snapshot = {
		state: initialState,
		viewport: initialViewport,
		settings: undefined,
		list: undefined,
		pages: undefined,
		failure: undefined,
		stops: undefined,
		remark: undefined,
	};
	readonly #listeners = new Set<(snapshot: Snapshot) => void>();
	#asking = false;
	#started = false;
	/** The last query asked for: the one the host holds. */
	#asked: { readonly query: MapQuery; readonly key: string; readonly pages: boolean } | undefined;
	#renderDue = false;
	#waiting: (() => void)[] = [];

	/** `schedule` runs a function before the next repaint. */
	constructor(
		private readonly service: Pick<MapPanelService, "frame">,
		private readonly schedule: (render: () => void) => void,
	) {}

	get snapshot(): Snapshot {
		return this.#snapshot;
	}

	get state(): ViewState {
		return this.#snapshot.state;
	}

	/** Calls `listener` before the next repaint after any change. */
	subscribe(listener: (snapshot: Snapshot) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Begins to ask, with what was saved. */
	start(state: ViewState): void {
		this.#started = true;
		this.update(state);
	}

	update(patch: Partial<ViewState>): void {
		this.#change({ state: { ...this.#snapshot.state, ...patch } });
	}

	setViewport(patch: Partial<Viewport>): void {
		this.#change({ viewport: { ...this.#snapshot.viewport, ...patch } });
	}

	setSettings(settings: MapPanelSettings): void {
		this.#change({ settings });
	}

	setStops(stops: StopLayer | undefined): void {
		this.#change({ stops });
	}

	/** Draws everything again: the theme has changed. */
	redraw(): void {
		this.#render();
	}

	remark(text: string | undefined): void {
		this.#change({ remark: text });
	}

	fail(error: unknown): void {
		this.#change({ failure: toErrorData(error) });
	}

	/** A frame that came unasked, with a new sample; it answers the query the host holds. */
	receive(frame: MapFrame): void {
		// While a request is under way the host may hold either query: the reply settles it, with the same sample.
		if (!this.#asking && this.#asked) this.#accept(frame, this.#asked, "sample");
	}

	/** Resolves when the frame of the present query is there, or has failed. */
	settled(): Promise<void> {
		if (!this.#asking) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Asks again although the query is the same, after a failure. */
	retry(): void {
		this.#asked = undefined;
		this.#ask();
	}

	#change(patch: Partial<Snapshot>): void {
		this.#snapshot = { ...this.#snapshot, ...patch };
		this.#ask();
		this.#render();
	}

	#render(): void {
		if (this.#renderDue) return;
		this.#renderDue = true;
		this.schedule(() => {
			this.#renderDue = false;
			for (const listener of this.#listeners) listener(this.#snapshot);
		});
	}

	#ask(): void {
		if (!this.#started || this.#asking) return;
		const { state, viewport } = this.#snapshot;
		const query = buildQuery(state, viewport);
		const key = JSON.stringify(query);
		if (key === this.#asked?.key) return;
		const asked = { query, key, pages: state.openPage !== undefined };
		this.#asked = asked;
		this.#asking = true;
		this.service.frame(query).then(
			(frame) => this.#settle(() => this.#accept(frame, asked, "query")),
			(error: unknown) => this.#settle(() => this.fail(error)),
		);
	}

	#settle(apply: () => void): void {
		this.#asking = false;
		apply();
		this.#ask();
		if (this.#asking) return;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const resolve of waiting) resolve();
	}

	#accept(frame: MapFrame, asked: { query: MapQuery; pages: boolean }, cause: ReceivedFrame["cause"]): void {
		const received: ReceivedFrame = { frame, query: asked.query, cause };
		this.#snapshot = {
			...this.#snapshot,
			failure: undefined,
			...(asked.pages ? { pages: received } : { list: received }),
		};
		this.#render();
	}
}
