import { readFile } from "node:fs/promises";
import type { DebuggeeService } from "../../src/extension/sampler/debuggeeProtocol";
import { createSamplerService } from "../../src/extension/sampler/service";
import { readSystemInfo } from "../../src/extension/sampler/system";
import { type PlayedOptions, PlayedRoom, type PlayedSession } from "./playedSession";
import { Target } from "./target";

/** A sampler that counts its histories and readings, and whose readings a test may hold up. */
function countedSampler() {
	const service = createSamplerService(readSystemInfo());
	const counts = { opened: 0, closed: 0, reads: 0 };
	let gate: Promise<void> | undefined;
	const sampler: DebuggeeService = {
		...service,
		openDebuggee: async (...parameters) => {
			counts.opened++;
			return await service.openDebuggee(...parameters);
		},
		closeDebuggee: async (id) => {
			counts.closed++;
			await service.closeDebuggee(id);
		},
		readStop: async (...parameters) => {
			counts.reads++;
			await gate;
			return await service.readStop(...parameters);
		},
	};
	/** Holds readings up until the returned function is called. */
	const hold = (): (() => void) => {
		let release: () => void = () => undefined;
		gate = new Promise((resolve) => {
			release = () => {
				gate = undefined;
				resolve();
			};
		});
		return release;
	};
	return { sampler, counts, hold };
}

/** For each test of the suite around: a room, and a process whose debugger the test plays. */
export class PlayedDebuggee {
	readonly #counted = countedSampler();
	readonly counts = this.#counted.counts;
	/** Holds readings up until the returned function is called. */
	readonly hold = this.#counted.hold;
	#started: { readonly room: PlayedRoom; readonly target: Target } | undefined;

	constructor() {
		beforeEach(async () => {
			this.#started = { room: new PlayedRoom(this.#counted.sampler), target: await Target.start() };
		});
		afterEach(async () => {
			this.room.sessions.dispose();
			await this.target.stop();
		});
	}

	get room(): PlayedRoom {
		return this.#now().room;
	}

	get target(): Target {
		return this.#now().target;
	}

	/** A session that has named its process. */
	begin(options: PlayedOptions = {}): PlayedSession {
		const session = this.room.play(options);
		const { pid, child } = this.target;
		session.event("process", { systemProcessId: pid, name: child.spawnfile, isLocalProcess: true });
		return session;
	}

	/** Lines of the process's `maps`. */
	async mappings(): Promise<number> {
		return (await readFile(`/proc/${this.target.pid}/maps`, "latin1")).split("\n").length - 1;
	}

	#now(): { readonly room: PlayedRoom; readonly target: Target } {
		if (this.#started === undefined) throw new Error("no test runs");
		return this.#started;
	}
}
