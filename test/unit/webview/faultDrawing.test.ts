import { deepEqual, equal, ok } from "node:assert/strict";
import type { FaultDrawing, Strips } from "../../../src/shared/debug/stopLayer";
import { layoutDrawing } from "../../../src/webview/memoryMap/stops/faultDrawing";
import { StripLoader } from "../../../src/webview/memoryMap/stops/stripLoader";

describe("the drawing of a fault", () => {
	const drawing = (parts: FaultDrawing["parts"]): FaultDrawing => ({
		parts,
		marker: { part: 0, at: 0, text: "" },
		caption: "",
	});

	it("fills its width, and gives mappings what guards and gaps leave, by the root of their pages", () => {
		const placed = layoutDrawing(
			drawing([
				{ kind: "mapping", startPage: 0, endPage: 100 },
				{ kind: "gap", text: "4 KiB" },
				{ kind: "mapping", startPage: 200, endPage: 225 },
			]),
			600,
		);
		const [first, gap, second] = placed;
		ok(first && gap && second);
		equal(Math.round((first.width / second.width) * 10), 20);
		equal(Math.round(second.x + second.width), 600);
		ok(first.x + first.width < gap.x && gap.x + gap.width < second.x);
	});

	it("has room for no mapping in no width", () => {
		const placed = layoutDrawing(drawing([{ kind: "guard" }, { kind: "mapping", startPage: 0, endPage: 4 }]), 0);
		deepEqual(placed.map(({ width }) => width), [22, 0]); // biome-ignore format: one
	});
});

describe("the loader of strips", () => {
	const room = { stripColumns: 10, stripCells: 5 };

	it("asks once for one wish, and the last wish wins", async () => {
		const asked: number[][] = [];
		const answers: ((strips: Strips) => void)[] = [];
		let loads = 0;
		const service = {
			strips: (_list: number, pages: readonly number[]) => {
				asked.push([...pages]);
				return new Promise<Strips>((resolve) => answers.push(resolve));
			},
		};
		const loader = new StripLoader(service, () => loads++);
		const first = loader.want("1", 0, [1], room);
		await loader.want("1", 0, [1], room);
		const second = loader.want("2", 0, [1], room);
		const late = { strips: [], columns: new Uint8Array(1) };
		const wanted = { strips: [], columns: new Uint8Array(2) };
		answers[1]?.(wanted);
		answers[0]?.(late);
		await Promise.all([first, second]);
		deepEqual(asked, [[1], [1]]);
		equal(loader.strips, wanted);
		equal(loads, 1);
	});

	it("asks for nothing where there is no room", async () => {
		const service = { strips: () => Promise.reject(new Error("asked")) };
		await new StripLoader(service, () => undefined).want("1", 0, [1], { stripColumns: 0, stripCells: 0 });
	});
});
