import assert from "node:assert/strict";
import { MapscopeError } from "../../../src/shared/errors";
import type { MapFrame, MapQuery } from "../../../src/shared/mapFrame";
import { MapStore, newestFrame } from "../../../src/webview/memoryMap/store";
import { initialState, selectPage } from "../../../src/webview/memoryMap/viewState";
import { frameOf, row, rowWindowOf } from "./samples";

/** A host whose answers wait until the test gives them. */
class SlowHost {
	readonly queries: MapQuery[] = [];
	readonly #waiting: { resolve(frame: MapFrame): void; reject(error: unknown): void }[] = [];

	frame(query: MapQuery): Promise<MapFrame> {
		this.queries.push(query);
		return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
	}

	async answer(frame: MapFrame): Promise<void> {
		this.#waiting.shift()?.resolve(frame);
		await settle();
	}

	async refuse(error: unknown): Promise<void> {
		this.#waiting.shift()?.reject(error);
		await settle();
	}
}

/** Lets all promises that are due run. */
function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

function sampleNumbered(number: number): MapFrame {
	const frame = frameOf(rowWindowOf([row()]));
	return { ...frame, sample: { ...frame.sample, number } };
}

function started(): { readonly host: SlowHost; readonly store: MapStore } {
	const host = new SlowHost();
	const store = new MapStore(host, (render) => render());
	store.start(initialState);
	return { host, store };
}

describe("the store", () => {
	it("asks once at a time, and the last choice wins", async () => {
		const { host, store } = started();
		store.update({ filter: "a" });
		store.update({ filter: "ab" });
		store.update({ filter: "abc" });
		assert.equal(host.queries.length, 1);
		await host.answer(sampleNumbered(1));
		assert.deepEqual(
			host.queries.map(({ filter }) => filter),
			["", "abc"],
		);
		await host.answer(sampleNumbered(1));
		assert.equal(host.queries.length, 2);
		assert.equal(store.snapshot.list?.query.filter, "abc");
	});

	it("does not ask again for what it has", async () => {
		const { host, store } = started();
		await host.answer(sampleNumbered(1));
		store.update({ inspectorWidth: 500, hiddenStates: ["zero"] });
		assert.equal(host.queries.length, 1);
	});

	it("tells frames of new samples from answers to new queries", async () => {
		const { host, store } = started();
		await host.answer(sampleNumbered(1));
		assert.equal(store.snapshot.list?.cause, "query");
		store.receive(sampleNumbered(2));
		assert.equal(store.snapshot.list?.cause, "sample");
		store.update({ filter: "x" });
		await host.answer(sampleNumbered(2));
		assert.equal(store.snapshot.list?.cause, "query");
	});

	it("leaves frames out that may answer an older query", async () => {
		const { host, store } = started();
		await host.answer(sampleNumbered(1));
		store.update({ filter: "x" });
		store.receive(sampleNumbered(2));
		assert.equal(store.snapshot.list?.frame.sample.number, 1);
		await host.answer(sampleNumbered(2));
		assert.equal(store.snapshot.list?.frame.sample.number, 2);
	});

	it("keeps the list's frame while pages are open", async () => {
		const { host, store } = started();
		await host.answer(sampleNumbered(1));
		store.update({ openPage: 7, ...selectPage(7) });
		await host.answer(sampleNumbered(1));
		store.receive(sampleNumbered(5));
		assert.equal(store.snapshot.list?.frame.sample.number, 1);
		assert.equal(store.snapshot.pages?.frame.sample.number, 5);
		assert.equal(newestFrame(store.snapshot)?.sample.number, 5);
	});

	it("keeps a failure until the next frame, and asks again when told to", async () => {
		const { host, store } = started();
		await host.refuse(new MapscopeError({ code: "io", errno: "EIO" }));
		assert.deepEqual(store.snapshot.failure, { code: "io", errno: "EIO" });
		assert.equal(host.queries.length, 1);
		store.retry();
		assert.equal(host.queries.length, 2);
		await host.answer(sampleNumbered(1));
		assert.equal(store.snapshot.failure, undefined);
	});

	it("is settled when the frame of the last choice is there", async () => {
		const { host, store } = started();
		store.update({ filter: "x" });
		let settled = false;
		const waiting = store.settled().then(() => {
			settled = true;
		});
		await host.answer(sampleNumbered(1));
		assert.ok(!settled);
		await host.answer(sampleNumbered(1));
		await waiting;
		assert.ok(settled);
	});

	it("draws once for many changes", () => {
		const renders: (() => void)[] = [];
		const store = new MapStore(new SlowHost(), (render) => renders.push(render));
		let drawn = 0;
		const stop = store.subscribe(() => drawn++);
		store.update({ filter: "a" });
		store.update({ filter: "b" });
		assert.equal(renders.length, 1);
		renders.pop()?.();
		assert.equal(drawn, 1);
		stop();
		store.redraw();
		renders.pop()?.();
		assert.equal(drawn, 1);
	});
});
