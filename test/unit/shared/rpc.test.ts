import { strict as assert } from "node:assert";
import { MapscopeError } from "../../../src/shared/errors";
import { type Client, connect, type Port, type Server, serve } from "../../../src/shared/rpc";

interface Sums {
	add(a: number, b: number): Promise<number>;
	fail(how: "throw" | "reject" | "ours"): Promise<never>;
	never(): Promise<void>;
	give(what: "function" | "undefined"): Promise<unknown>;
}
interface SumEvents {
	added: number;
	cleared: null;
}

/** Two ports whose messages are cloned on the way, as between threads; and what was sent. */
function pair(): { here: Port; there: Port; sent: unknown[] } {
	const sent: unknown[] = [];
	const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
	const port = (own: Set<(message: unknown) => void>, other: Set<(message: unknown) => void>): Port => ({
		post(message) {
			const clone: unknown = structuredClone(message);
			sent.push(clone);
			queueMicrotask(() => {
				for (const listener of [...other]) listener(clone);
			});
		},
		listen(listener) {
			own.add(listener);
			return () => own.delete(listener);
		},
	});
	return { here: port(ends[0], ends[1]), there: port(ends[1], ends[0]), sent };
}

describe("rpc", () => {
	let ports: ReturnType<typeof pair>;
	let client: Client<Sums, SumEvents>;
	let server: Server<SumEvents>;
	const handlers: Sums = {
		add: async (a, b) => a + b,
		fail(how) {
			if (how === "throw") throw new TypeError("at once");
			if (how === "ours") {
				throw new MapscopeError({ code: "permissionDenied", path: "/proc/1/maps", errno: "EACCES" });
			}
			return Promise.reject(new Error("later"));
		},
		never: () => new Promise(() => undefined),
		give: async (what) => (what === "function" ? () => 1 : undefined),
	};

	beforeEach(() => {
		ports = pair();
		server = serve<Sums, SumEvents>(ports.there, handlers);
		client = connect<Sums, SumEvents>(ports.here);
	});
	afterEach(() => {
		client.dispose();
		server.dispose();
	});

	/** The error that a promise rejects with, which must be ours. */
	async function rejection(promise: Promise<unknown>): Promise<MapscopeError> {
		const error: unknown = await promise.then(
			() => assert.fail("it resolved"),
			(reason: unknown) => reason,
		);
		assert.ok(error instanceof MapscopeError, String(error));
		return error;
	}

	it("answers each request with its own reply", async () => {
		assert.deepEqual(
			await Promise.all([client.call.add(1, 2), client.call.add(10, 20), client.call.add(5, 5)]),
			[3, 30, 10],
		);
	});

	it("answers with nothing, too", async () => {
		assert.equal(await client.call.give("undefined"), undefined);
	});

	for (const how of ["throw", "reject"] as const) {
		it(`turns a handler that does ${how} into an error`, async () => {
			assert.equal((await rejection(client.call.fail(how))).code, "bug");
			assert.equal(await client.call.add(1, 1), 2);
		});
	}

	it("passes our own errors on as they are", async () => {
		const { code, path, errno } = await rejection(client.call.fail("ours"));
		assert.deepEqual([code, path, errno], ["permissionDenied", "/proc/1/maps", "EACCES"]);
	});

	it("refuses methods that do not exist, also those that every object has", async () => {
		const call = client.call as unknown as Record<string, () => Promise<unknown>>;
		for (const method of ["missing", "toString", "constructor", "__proto__", "hasOwnProperty"]) {
			assert.match(
				(await rejection(call[method]?.() ?? Promise.resolve())).detail ?? "",
				new RegExp(`no method ${method}`),
			);
		}
	});

	it("is no promise itself, so that it can be awaited", async () => {
		assert.equal(Reflect.get(await (client.call as unknown as Promise<object>), "then"), undefined);
	});

	it("ends a request whose result cannot be sent", async () => {
		assert.equal((await rejection(client.call.give("function"))).code, "bug");
	});

	it("ends a request whose arguments cannot be sent", async () => {
		const call = client.call as unknown as { add(value: unknown): Promise<number> };
		assert.equal((await rejection(call.add(() => 1))).code, "bug");
		assert.equal(await client.call.add(2, 2), 4);
	});

	it("tells events to those who listen, as long as they listen", async () => {
		const heard: unknown[] = [];
		const stop = client.on("added", (data) => heard.push(data));
		client.on("cleared", (data) => heard.push(data));
		server.emit("added", 1);
		server.emit("cleared", null);
		await client.call.add(0, 0);
		stop();
		server.emit("added", 2);
		await client.call.add(0, 0);
		assert.deepEqual(heard, [1, null]);
	});

	it("rejects what is pending, and what comes after, when it is closed", async () => {
		const pending = rejection(client.call.never());
		client.dispose({ code: "io", detail: "the other side is gone" });
		assert.deepEqual([(await pending).code, (await pending).detail], ["io", "the other side is gone"]);
		assert.equal((await rejection(client.call.add(1, 1))).code, "io");
	});

	it("keeps the first reason when it is closed twice", async () => {
		client.dispose({ code: "io" });
		client.dispose();
		assert.equal((await rejection(client.call.add(1, 1))).code, "io");
	});

	it("answers no more once the server is gone", async () => {
		server.dispose();
		const sent = ports.sent.length;
		const pending = rejection(client.call.add(1, 1));
		await Promise.resolve();
		client.dispose();
		await pending;
		assert.equal(ports.sent.length, sent + 1);
	});

	const hostile: readonly unknown[] = [
		null,
		undefined,
		7,
		"request",
		[],
		{},
		{ kind: null },
		{ kind: 5, id: 1 },
		{ kind: "request" },
		{ kind: "request", id: 72, method: 5, parameters: [] },
		{ kind: "request", id: 71, method: { toString: 1, valueOf: 1 }, parameters: [] },
		{ kind: "request", id: 73, method: ["add"], parameters: [1, 2] },
		{ kind: "request", id: 74, method: "add", parameters: "ab" },
		{ kind: "request", id: 75, method: "add", parameters: { length: 2 } },
		{ kind: "reply" },
		{ kind: "reply", id: 999, result: 1 },
		{ kind: "reply", id: "1", result: 1 },
		{ kind: "failure", id: 999, error: null },
		{ kind: "event" },
		{ kind: "event", event: "nobody listens", data: 1 },
		{ kind: "event", event: { toString: 1 } },
		{ kind: "something else", id: 1 },
	];

	it("neither side breaks at messages that make no sense", async () => {
		for (const message of hostile) {
			ports.here.post(message);
			ports.there.post(message);
		}
		assert.equal(await client.call.add(20, 22), 42);
	});

	it("a failure without a proper error is a bug", async () => {
		server.dispose();
		const pending = rejection(client.call.add(1, 1));
		ports.there.post({ kind: "failure", id: 1, error: { code: "sudo" } });
		assert.equal((await pending).code, "bug");
	});

	it("calls only with a list of parameters", async () => {
		const calls: unknown[][] = [];
		const other = pair();
		const spy = serve<{ note(...words: unknown[]): Promise<void> }, SumEvents>(other.there, {
			note: async (...words) => void calls.push(words),
		});
		const answered = new Promise((resolve) => other.here.listen(resolve));
		other.here.post({ kind: "request", id: 1, method: "note", parameters: "ab" });
		assert.match(JSON.stringify(await answered), /"failure"/);
		assert.deepEqual(calls, []);
		spy.dispose();
	});
});
