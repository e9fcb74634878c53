import { MapscopeError } from "../../shared/errors";
import type { Demo, DemoSummary, ParameterValues } from "../../shared/labDemo";
import { isWithin } from "../../shared/labParameters";
import type { Disposable } from "../base/disposable";
import type { SamplerService } from "../sampler/protocol";
import { demos, findDemo, summarize } from "./demos";
import type { LabProcessOptions } from "./labProcess";
import { type DemoReport, reportDemo } from "./report";
import type { ScratchPlace } from "./scratch/privateFolder";
import { LabSession } from "./session";

export interface LabOptions extends LabProcessOptions {
	readonly sampler: Pick<SamplerService, "pageSize" | "readText" | "scanPages" | "tryLock">;
	/** Where scratch files may lie, best first. */
	readonly scratchPlaces: readonly ScratchPlace[];
}

/** The laboratory: its demos, and the sessions in which they run. Sessions do not know of each other. */
export class Lab implements Disposable {
	/** Those that are open, and those whose files are being removed. */
	readonly #sessions = new Set<LabSession>();
	#disposed = false;

	constructor(private readonly options: LabOptions) {}

	/** Every demo, in the order of the programme. */
	list(): DemoSummary[] {
		return demos.map(summarize);
	}

	/**
	 * Opens a demo; nothing runs yet. The session belongs to the caller, and ends with the lab at the latest. Rejects with
	 * `unsupported` (`linux`) elsewhere.
	 */
	async open(demo: Demo, parameters: ParameterValues = {}): Promise<LabSession> {
		if (process.platform !== "linux") throw new MapscopeError({ code: "unsupported", feature: "linux" });
		const { sampler, scratchPlaces: places, program, log } = this.options;
		const pageSize = await sampler.pageSize();
		const root = process.geteuid?.() === 0;
		const scratch = { places, log, tryLock: (descriptor: number) => sampler.tryLock(descriptor) };
		const options = { program, log, eyes: sampler, scratch, pageSize, root };
		const session = new LabSession(demo, options, parameters);
		this.#sessions.add(session);
		void session.closed.then(() => this.#sessions.delete(session));
		if (this.#disposed) session.dispose();
		return session;
	}

	/**
	 * Runs a demo to its end and resolves with what each step has shown. `options` are values of its parameters, by name.
	 * Rejects with `bug` for a demo or a parameter that does not exist, `unsupported` and `io` when the lab cannot run.
	 */
	async run(id: string, options: Readonly<Record<string, unknown>> = {}): Promise<DemoReport> {
		const demo = findDemo(id);
		if (demo === undefined) throw new MapscopeError({ code: "bug", detail: `no demo ${id}` });
		const session = await this.open(demo, checkParameters(demo, options));
		try {
			await session.runAll();
			const results = demo.steps.flatMap((_, index) => session.result(index) ?? []);
			const { processes, pageSize } = session.state;
			return reportDemo(demo, results, processes[0]?.pid ?? 0, pageSize);
		} finally {
			session.dispose();
		}
	}

	/** Ends all sessions. */
	dispose(): void {
		this.#disposed = true;
		for (const session of this.#sessions) session.dispose();
	}

	/** As {@link dispose}; resolves when all scratch files are gone. */
	async close(): Promise<void> {
		this.dispose();
		await Promise.all([...this.#sessions].map(({ closed }) => closed));
	}
}

/** Values of a demo's parameters that come from outside. Throws `bug` for those that it does not have. */
export function checkParameters(demo: Demo, values: Readonly<Record<string, unknown>>): ParameterValues {
	const checked: Record<string, string | number> = {};
	for (const [name, value] of Object.entries(values)) {
		const parameter = demo.parameters?.find((candidate) => candidate.name === name);
		const isNumber = parameter?.kind === "number";
		const fits = isNumber ? isWithin(parameter, value) : typeof value === "string" && !value.includes("\0");
		if (parameter === undefined || !fits) {
			const what = isNumber ? `value ${value} of ${name}` : `parameter ${name} of type ${typeof value}`;
			throw new MapscopeError({ code: "bug", detail: `${demo.id} takes no ${what}` });
		}
		checked[name] = value as string | number;
	}
	return checked;
}
