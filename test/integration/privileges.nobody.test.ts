import assert from "node:assert/strict";
import { activate } from "./api";

describe("extension host of a user without privileges", () => {
	it("reads its own memory, page by page", async () => {
		const api = await activate();
		const { mappings, process: self } = await api.readAddressSpace(process.pid);
		assert.equal(self.uid, process.getuid?.());
		const heap = mappings.find(({ name }) => name === "[heap]");
		assert.ok(heap);
		const runs = await api.scanPages(process.pid, heap.start, heap.end);
		assert.ok(runs.some(({ state }) => state === "anonymous"));
	});

	it("is told that root's process may not be read", async () => {
		const api = await activate();
		const [init] = (await api.listProcesses()).filter(({ pid }) => pid === 1);
		assert.ok(init);
		assert.equal(init.uid, 0);
		assert.equal(init.readable, false);
		assert.ok(init.reason);
		await assert.rejects(api.readAddressSpace(1), { code: "permissionDenied" });
	});
});
