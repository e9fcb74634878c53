import { strict as assert } from "node:assert";
import { classify } from "../../../src/extension/memory/classify";
import { mappedObject, objectMark, rangesOf } from "../../../src/extension/memory/mappedObject";
import { parseMaps } from "../../../src/extension/proc/maps";
import { recordedPageSize as pageSize, recordedPrograms } from "../../support/fixtures";
import { mapsText } from "../../support/kernelText";
import { recordedSnapshot } from "../../support/snapshots";

describe("what others may map, too", () => {
	const maps = parseMaps(
		mapsText(
			["7f0000000000-7f0000001000 rw-s 00000000 fe:00 12", "/data/one"],
			["7f0000001000-7f0000002000 r--p 00001000 fe:00 12", "/data/its other name (deleted)"],
			["7f0000002000-7f0000003000 r--p 00000000 fd:00 12", "/data/one"],
			["7f0000003000-7f0000004000 rw-s 00000000 00:01 12", "/memfd:twelve (deleted)"],
			["7f0000004000-7f0000005000 rw-s 00000000 00:01 12", "/SYSV0000002a (deleted)"],
			["7f0000005000-7f0000006000 rw-s 00000000 00:0e 12", "anon_inode:[io_uring]"],
			["7f0000006000-7f0000007000 rw-p 00000000 00:06 12", "/dev/zero"],
			["7f0000007000-7f0000008000 rw-p 00000000 00:00 0"],
			["7f0000008000-7f0000009000 r-xp 00000000 00:00 0", "[vdso]"],
		),
		pageSize,
	);
	const classification = classify(maps, new Set(), pageSize);
	const found = (index: number): number[] | undefined => {
		const object = mappedObject(maps, classification, index);
		return object && rangesOf(maps, object).map(({ startPage }) => startPage - 0x7f0000000);
	};

	it("is a file by device and inode, whatever its name", () => {
		assert.deepEqual(found(0), [0, 1]);
		assert.deepEqual(found(1), [0, 1]);
		assert.deepEqual(found(2), [2]);
	});

	it("is shared memory by its name as well: memfds and segments count their inodes apart", () => {
		assert.deepEqual(found(3), [3]);
		assert.deepEqual(found(4), [4]);
	});

	it("is not what all processes have under one inode, and not memory without a file", () => {
		for (const index of [5, 6, 7, 8]) assert.equal(found(index), undefined);
	});

	it("is found in a text without parsing it", () => {
		for (const program of recordedPrograms) {
			const snapshot = recordedSnapshot(program);
			for (let index = 0; index < snapshot.maps.count; index++) {
				const object = mappedObject(snapshot.maps, snapshot.classification, index);
				if (object === undefined) continue;
				assert.ok(snapshot.maps.text.includes(objectMark(object), 0, "latin1"), `${program} ${index}`);
				const starts = rangesOf(snapshot.maps, object).map(({ startPage }) => startPage);
				assert.ok(starts.includes(snapshot.maps.startPages[index] ?? -1));
			}
		}
	});
});
