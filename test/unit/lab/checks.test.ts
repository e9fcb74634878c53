import { deepEqual, equal } from "node:assert/strict";
import { checkStep, type Shown } from "../../../src/extension/lab/checks";
import type { Expectation } from "../../../src/shared/labDemo";
import type { RegionResult, RegionSide } from "../../../src/shared/labResult";
import { stateCode } from "../../../src/shared/pageStates";

describe("expectations about the zero page", () => {
	const rss = (pages: number): Expectation => ({ kind: "smaps", of: "p", field: "Rss", bytes: pages * 4096 });
	const because = "no zero page here";
	const step = { expect: [rss(0)], withoutZeroPage: { of: "p", expect: [rss(1)], because } };

	/** A step after which page 1 of `p` is in this state, and the mapping has this RSS. */
	function shown(state: number, resident: number): Shown {
		const nothing: RegionSide = {
			permissions: [],
			mappings: 1,
			vmFlags: [],
			smaps: {},
			pages: [],
			present: 0,
			exclusive: 0,
		};
		const pages = [
			{ start: 16, end: 17, state: stateCode.notPresent, flags: 0 },
			{ start: 17, end: 18, state, flags: 0 },
		];
		const region: RegionResult = {
			process: "main",
			pid: 1,
			name: "p",
			startPage: 16,
			endPage: 18,
			isNew: false,
			diff: [],
			before: nothing,
			after: { ...nothing, pages, smaps: { Rss: resident * 4096 } },
			fields: [],
		};
		const values = () => undefined;
		const rest = { calls: [], files: [], processes: [], parameters: {}, values, root: false };
		return { process: "main", regions: [region], ...rest };
	}

	const outcome = (state: number, resident: number) => {
		const { checks, otherwise } = checkStep(step, shown(state, resident));
		return [checks.map(({ met }) => met), otherwise];
	};

	it("are the step's own where a page is the zero page", () => {
		deepEqual(outcome(stateCode.zero, 0), [[true], undefined]);
		deepEqual(outcome(stateCode.zero, 1), [[false], undefined]);
	});

	it("are others, with the reason, where the kernel gives a page of its own", () => {
		deepEqual(outcome(stateCode.anonymous, 1), [[true], because]);
		deepEqual(outcome(stateCode.anonymous, 0), [[false], because]);
	});

	it("are the step's own where nobody tells what the page is", () => {
		deepEqual(outcome(stateCode.unknown, 0), [[true], undefined]);
	});

	it("need not be told of other steps", () => {
		equal(checkStep({ expect: [rss(0)] }, shown(stateCode.anonymous, 0)).otherwise, undefined);
	});
});
