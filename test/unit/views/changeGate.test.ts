import { deepEqual } from "node:assert/strict";
import { ChangeGate } from "../../../src/extension/views/processes/changeGate";
import type { TreeChange } from "../../../src/extension/views/processes/treeDiff";

describe("changes while a tooltip is read", () => {
	const rows = (...ids: string[]): TreeChange => ({ kind: "rows", ids });
	let passed: TreeChange[];
	let ring: (() => void) | undefined;
	let gate: ChangeGate;

	beforeEach(() => {
		passed = [];
		ring = undefined;
		const setTimer = (callback: () => void) => {
			ring = callback;
			return () => {
				ring = undefined;
			};
		};
		gate = new ChangeGate({ now: () => 0, setTimer }, (change) => passed.push(change));
	});

	it("pass at once when nobody reads", () => {
		gate.offer(rows("a"));
		deepEqual(passed, [rows("a")]);
	});

	it("wait and then pass as one", () => {
		gate.hold(5);
		gate.offer(rows("a"));
		gate.offer(rows("b", "a"));
		deepEqual(passed, []);
		ring?.();
		deepEqual(passed, [rows("a", "b")]);
		gate.offer({ kind: "all" });
		deepEqual(passed.at(-1), { kind: "all" });
	});

	it("become everything when one of them was", () => {
		gate.hold(5);
		gate.offer(rows("a"));
		gate.offer({ kind: "all" });
		gate.offer(rows("b"));
		gate.release();
		deepEqual(passed, [{ kind: "all" }]);
	});

	it("do not pass when there were none", () => {
		gate.hold(5);
		ring?.();
		deepEqual(passed, []);
	});
});
