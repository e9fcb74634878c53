import type { Demo } from "../../../shared/labDemo";
import { LabSyntaxError } from "../../lab/language/syntax";
import { readDemo } from "../../lab/language/variables";

/** What of `code` is not understood when it follows the first `done` steps of a demo; `undefined` when all is. */
export function syntaxComplaint(demo: Demo, done: number, code: string): string | undefined {
	const before = demo.steps.slice(0, done);
	try {
		readDemo({ ...demo, steps: [...before, { title: "", code, look: "", expect: [], why: "", man: [] }] });
		return undefined;
	} catch (error) {
		if (error instanceof LabSyntaxError) return error.message.replace(/^step \d+: /, "");
		throw error;
	}
}
