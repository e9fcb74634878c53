import type { Strips } from "../../../shared/debug/stopLayer";
import type { MapPanelService, StripRoom } from "../../../shared/mapPanel";

/** Strips of a list of mappings, fetched when the list or the room for them is another; the last wish wins. */
export class StripLoader {
	#key = "";
	#strips: Strips | undefined;

	/** `onLoad` is called when strips have arrived. */
	constructor(
		private readonly service: Pick<MapPanelService, "strips">,
		private readonly onLoad: () => void,
	) {}

	/** The strips of the last wish, once they are there. */
	get strips(): Strips | undefined {
		return this.#strips;
	}

	/** `of` names the picture they belong to. Resolves when they are there, or not wanted any more. */
	async want(of: string, list: number, startPages: readonly number[], room: StripRoom): Promise<void> {
		const key = JSON.stringify([of, list, startPages, room]);
		if (key === this.#key) return;
		this.#key = key;
		this.#strips = undefined;
		if (startPages.length === 0 || room.stripColumns === 0) return;
		const strips = await this.service.strips(list, startPages, room);
		if (key !== this.#key) return;
		this.#strips = strips;
		this.onLoad();
	}
}
