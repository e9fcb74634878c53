import { deepEqual, equal, ok } from "node:assert/strict";
import { recursionStart, recursiveFunction } from "../../../src/extension/debug/recursion";
import type { SessionHandle } from "../../../src/extension/debug/session";

/** A session whose stack has these functions, the innermost first; each is at a line of its own. */
function session(names: readonly string[]): { readonly handle: SessionHandle; readonly asked: number[] } {
	const asked: number[] = [];
	const frames = names.map((name, at) => ({ id: at, name, line: at + 1, source: { path: "/a.c" } }));
	const handle: SessionHandle = {
		info: { id: "1", name: "stack", type: "played" },
		configuration: {},
		request: async (_, parameters = {}) => {
			const [start, levels] = [Number(parameters["startFrame"]), Number(parameters["levels"])];
			asked.push(start);
			return { stackFrames: frames.slice(start, start + levels) };
		},
	};
	return { handle, asked };
}

const deep = (count: number, ...names: readonly string[]) => Array.from({ length: count }, () => names).flat();

describe("a recursion", () => {
	it("began in the outermost frame of its function", async () => {
		const { handle } = session(["memset", ...deep(126, "depth"), "walk", "start_thread"]);
		equal(await recursiveFunction(handle, 1), "depth");
		deepEqual(await recursionStart(handle, 1), { frame: 126, place: { path: "/a.c", line: 127, function: "depth" } });
	});

	it("may be of several functions, and much deeper than what is asked for at once", async () => {
		const { handle, asked } = session([...deep(700, "even", "odd"), "main", ...deep(900, "below")]);
		equal(await recursiveFunction(handle, 1), "even");
		equal((await recursionStart(handle, 1))?.frame, 1399);
		ok(Math.max(...asked) < 1500, `${asked}`);
	});

	it("may end where what is asked for at once ends", async () => {
		equal((await recursionStart(session([...deep(500, "f"), "main"]).handle, 1))?.frame, 499);
		equal((await recursionStart(session(deep(500, "f")).handle, 1))?.frame, 499);
	});

	it("is none where no function comes twice, and not looked for in a stack without end", async () => {
		const plain = session(["read", "load", "main", ...deep(2, "")]);
		equal(await recursiveFunction(plain.handle, 1), undefined);
		equal(await recursionStart(session(["read", "load", "main"]).handle, 1), undefined);
		equal(await recursionStart(session(deep(30_000, "f")).handle, 1), undefined);
	});
});
