import type { Demo, DemoSummary } from "../../../shared/labDemo";
import { errors } from "./errors";
import { exec } from "./exec";
import { faults } from "./faults";
import { flags } from "./flags";
import { forkCopyOnWrite } from "./forkCopyOnWrite";
import { fourMappings } from "./fourMappings";
import { madvise } from "./madvise";
import { mincore } from "./mincore";
import { mlock } from "./mlock";
import { mprotect } from "./mprotect";
import { privateFile } from "./privateFile";
import { reserveAndCommit } from "./reserveAndCommit";
import { sharedFile } from "./sharedFile";
import { unmapAndMove } from "./unmapAndMove";

/** Every demo of the lab, in the order of the programme. A new one is a file beside this one, and its name here. */
export const demos: readonly Demo[] = [
	fourMappings,
	privateFile,
	sharedFile,
	mprotect,
	unmapAndMove,
	mincore,
	madvise,
	mlock,
	flags,
	forkCopyOnWrite,
	exec,
	faults,
	errors,
	reserveAndCommit,
];

/** A demo by its id; undefined when there is none. */
export function findDemo(id: string): Demo | undefined {
	return demos.find((demo) => demo.id === id);
}

/** What the list of demos shows. */
export function summarize({ id, title, teaches }: Demo): DemoSummary {
	return { id, title, teaches };
}
