import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab, type LabOptions } from "../../src/extension/lab/lab";
import { scratchPlaces } from "../../src/extension/lab/scratch/privateFolder";
import type { LabSession } from "../../src/extension/lab/session";
import { createSamplerService } from "../../src/extension/sampler/service";
import { readSystemInfo } from "../../src/extension/sampler/system";
import type { Demo, DemoStep, ParameterValues } from "../../src/shared/labDemo";
import { checkout } from "./checkout";

/** The bundled program of the lab process. */
export const labProgram = join(checkout, "dist/lab.js");

/** A log that keeps nothing. */
export const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A step of a test's own demo, which its code is the title of. */
export const stepOf = (code: string, more: Partial<DemoStep> = {}): DemoStep => ({
	title: code,
	code,
	look: "",
	expect: [],
	why: "",
	man: [],
	...more,
});

/** A test's own demo. */
export const demoOf = (steps: readonly (DemoStep | string)[], more: Partial<Demo> = {}): Demo => ({
	id: "test",
	number: 0,
	title: "test",
	teaches: "",
	steps: steps.map((step) => (typeof step === "string" ? stepOf(step) : step)),
	...more,
});

/** Four pages of its own for a demo: `p`. */
export const mapPages = "p = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);";

/** A lab in this process, with a sampler of its own; `options` in place of what it would have. */
export function makeLab(program = labProgram, options: Partial<LabOptions> = {}): Lab {
	const sampler = createSamplerService(readSystemInfo());
	const places = scratchPlaces(process.env, tmpdir());
	return new Lab({ program, log: quiet, sampler, scratchPlaces: places, ...options });
}

/** Opens a demo, registered or not. */
export async function openSession(demo: Demo, parameters?: ParameterValues, program?: string): Promise<LabSession> {
	return await makeLab(program).open(demo, parameters);
}
