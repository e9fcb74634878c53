import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab } from "../../src/extension/lab/lab";
import type { LabSession } from "../../src/extension/lab/session";
import { createSamplerService } from "../../src/extension/sampler/service";
import { readSystemInfo } from "../../src/extension/sampler/system";
import type { Demo, ParameterValues } from "../../src/shared/labDemo";
import { checkout } from "./checkout";

/** The bundled program of the lab process. */
export const labProgram = join(checkout, "dist/lab.js");

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A lab in this process, with a sampler of its own. */
export function makeLab(program = labProgram): Lab {
	const sampler = createSamplerService(readSystemInfo());
	return new Lab({ program, log: quiet, sampler, scratchParent: tmpdir() });
}

/** Opens a demo, registered or not. */
export async function openSession(demo: Demo, parameters?: ParameterValues, program?: string): Promise<LabSession> {
	return await makeLab(program).open(demo, parameters);
}
