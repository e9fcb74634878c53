import { equal, ok } from "node:assert/strict";
import type { LabSession } from "../../../src/extension/lab/session";
import { readMaps } from "../../../src/extension/proc/maps";
import { readPageSize } from "../../../src/extension/proc/system";
import { Child } from "../../support/child";
import { demoOf, mapPages, openSession } from "../../support/labSessions";

/** Many arrays too large for V8's ordinary pages: each gets one of its own, at a random address. */
const heapProgram = `
const heap = Array.from({ length: 500 }, (_, i) => new Array(20_000).fill(i));
process.stdin.on("end", () => process.exit(heap.length === 500 ? 0 : 1)).resume();
console.log("ready");
`;

describe("addresses that the lab hints", () => {
	const sessions: LabSession[] = [];
	const children: Child[] = [];
	afterEach(async () => {
		for (const session of sessions.splice(0)) session.dispose();
		await Promise.all(children.splice(0).map((child) => child.stop()));
	});

	it("lie where no heap of Node grows, and are taken", async () => {
		const session = await openSession(demoOf([mapPages]));
		sessions.push(session);
		const growing = ["1", "2"].map((seed) =>
			Child.start(process.execPath, [`--random-seed=${seed}`, "-e", heapProgram]),
		);
		children.push(...(await Promise.all(growing)));
		await session.step();
		const call = session.result(0)?.calls[0];
		equal(call?.value?.kind === "address" ? call.value.address : undefined, call?.hint);
		const pageSize = readPageSize();
		const first = Number(BigInt(`0x${call?.hint ?? ""}`) / BigInt(pageSize));
		const last = first + 2 ** 40 / pageSize;
		for (const { pid } of children) {
			const { count, startPages, endPages } = readMaps(pid, pageSize);
			ok(count > 500, "V8 no longer scatters its heap: this shows nothing");
			for (let i = 0; i < count; i++) {
				const [start = 0, end = 0] = [startPages[i], endPages[i]];
				ok(end <= first || start >= last, `Node has mapped ${(start * pageSize).toString(16)}`);
			}
		}
	});
});
