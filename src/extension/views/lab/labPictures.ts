import type { Neighbourhood, StripRoom } from "../../../shared/labPanel";
import type { MapQuery } from "../../../shared/mapFrame";
import type { Disposable } from "../../base/disposable";
import type { SamplerService } from "../../sampler/protocol";

/** Rows above the one that was asked for, and in all. */
const rowsAbove = 3;
const rowsShown = 8;

/** The Memory Map's rows of the lab's processes, through watches of the sampler as any map has. */
export class LabPictures implements Disposable {
	readonly #sampler: SamplerService;
	readonly #onError: (error: unknown) => void;
	#watches = new Map<number, Promise<number>>();

	constructor(sampler: SamplerService, onError: (error: unknown) => void) {
		this.#sampler = sampler;
		this.#onError = onError;
	}

	/** The rows around a page of process `pid`, sampled now. Rejects with `processGone`. */
	async around(pid: number, page: number, room: StripRoom): Promise<Neighbourhood> {
		const watch = await this.#sampled(pid);
		const query: MapQuery = {
			measure: "resident",
			order: "address",
			grouped: false,
			filter: "",
			kinds: [],
			unfolded: [],
			rows: { first: 0, count: 0, ...room },
			overviewWidth: 0,
			inspectorCells: 0,
		};
		// `locate` speaks of the list of the last query.
		await this.#sampler.frame(watch, query);
		const place = await this.#sampler.locate(watch, page);
		const at = place.kind === "mapping" ? place.row : await this.#rowBelow(watch, place.below);
		const rows = { ...query.rows, first: Math.max(0, at - rowsAbove), count: rowsShown };
		const frame = await this.#sampler.frame(watch, { ...query, rows });
		return { rows: frame.rows.rows, columns: frame.rows.columns };
	}

	/** A watch of the process, with a sample of now; of one that has ended, with its last. */
	async #sampled(pid: number): Promise<number> {
		const watch = this.#watch(pid);
		const { final } = await this.#sampler.sample(await watch, { smaps: "never" });
		if (!final) return await watch;
		// Its pid may be that of another one of the lab by now.
		const newer = await this.#sampler.watch(pid);
		const lives = await this.#sampler.sample(newer, { smaps: "never" }).then(
			() => true,
			() => false,
		);
		if (!lives || this.#watches.get(pid) !== watch) {
			await this.#sampler.unwatch(newer);
			return await watch;
		}
		this.#end(pid, watch);
		this.#watches.set(pid, Promise.resolve(newer));
		return newer;
	}

	/** The sampler was started again and knows no watches. */
	forget(): void {
		this.#watches = new Map();
	}

	/** Ends the watches of all processes but these. */
	keep(pids: readonly number[]): void {
		for (const [pid, watch] of this.#watches) {
			if (!pids.includes(pid)) this.#end(pid, watch);
		}
	}

	#end(pid: number, watch: Promise<number>): void {
		this.#watches.delete(pid);
		watch.then((id) => this.#sampler.unwatch(id)).catch(this.#onError);
	}

	dispose(): void {
		this.keep([]);
	}

	/** The row before a gap. */
	async #rowBelow(watch: number, endPage: number | undefined): Promise<number> {
		if (endPage === undefined) return 0;
		const place = await this.#sampler.locate(watch, endPage - 1);
		return place.kind === "mapping" ? place.row : 0;
	}

	#watch(pid: number): Promise<number> {
		const known = this.#watches.get(pid);
		if (known !== undefined) return known;
		const watch = this.#sampler.watch(pid);
		this.#watches.set(pid, watch);
		// A watch that failed is begun anew by whoever needs it next.
		watch.catch(() => {
			if (this.#watches.get(pid) === watch) this.#watches.delete(pid);
		});
		return watch;
	}
}
