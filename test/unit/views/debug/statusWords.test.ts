import { deepEqual, equal } from "node:assert/strict";
import { candidateText } from "../../../../src/extension/views/debug/words/candidateWords";
import { stopStatus } from "../../../../src/extension/views/debug/words/statusWords";
import { debuggee, noTotals, stop, totals } from "./samples";

describe("the status bar while debugging", () => {
	const text = (...stops: Parameters<typeof stop>[1][]) =>
		stopStatus(debuggee({ stops: stops.map((fields, index) => stop(index + 1, fields)) }))?.text;

	it("says what the program did to its memory up to this stop", () => {
		equal(text({}, { totals: totals({ written: 140, writtenMappings: 8 }) }), "$(layers) This stop: 140 pages written");
		equal(text({}), "$(layers) This stop: 24 mappings");
		equal(text({}, { totals: noTotals }), "$(layers) This stop: nothing changed");
		equal(text({}, { totals: totals({ unknown: 2 }) }), "$(layers) This stop: no change known");
	});

	it("explains a fault in its tooltip", () => {
		const fault = {
			signal: "SIGSEGV",
			address: "8",
			access: "read",
			cause: { kind: "nullPointer", offset: 8 },
		} as const;
		const status = stopStatus(debuggee({ stops: [stop(1, { fault })] }));
		equal(
			status?.tooltip,
			"Stop 1, read in 6 ms: 24 mappings.\n0x8 is 8 bytes past a null pointer.\nClick to show the Memory Map.",
		);
	});

	it("says nothing while the program runs, and where nothing was read", () => {
		equal(stopStatus(debuggee({ stops: [stop(1)], running: true })), undefined);
		equal(stopStatus(debuggee()), undefined);
		equal(stopStatus(debuggee({ stops: [stop(1)], status: { kind: "ended", time: 0 } })), undefined);
	});
});

describe("a process that may be the debuggee", () => {
	it("is told by name, pid, whether a debugger holds it, and command line", () => {
		const started = new Date(2026, 0, 2, 14, 2, 11).getTime();
		deepEqual(candidateText({ pid: 7, name: "chain", commandLine: ["./chain", "-v"], started, traced: true }), {
			label: "chain",
			description: "7 · held by a debugger · started at 14:02:11",
			detail: "./chain -v",
		});
		equal(candidateText({ pid: 7, name: "a", commandLine: [], traced: false }).description, "7");
	});
});
