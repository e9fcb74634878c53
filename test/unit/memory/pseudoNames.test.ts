import { strict as assert } from "node:assert";
import { hidesPages, kindOfPseudoName } from "../../../src/extension/memory/pseudoNames";

describe("absent pages of a mapping that the kernel or a driver lends", () => {
	const cases: readonly [name: string, mayBeThere: boolean][] = [
		["[vvar]", true],
		["[vvar_vclock]", true],
		["[vdso]", false],
		["/dev/dri/renderD128", true],
		["/dmabuf:frame", true],
		["/sys/devices/pci0000:00/0000:00:02.0/resource0", true],
		["anon_inode:[perf_event]", true],
		["anon_inode:[io_uring]", true],
		["anon_inode:[what will come]", true],
		["/[aio]", false],
		["socket:[12345]", false],
		["/memfd:frame", false],
		["[heap]", false],
		["[anon:v8]", false],
	];
	for (const [name, mayBeThere] of cases) {
		it(`of ${name} ${mayBeThere ? "may be there" : "are absent"}`, () => {
			const kind = kindOfPseudoName(name);
			assert.ok(kind, "the name says nothing");
			assert.equal(hidesPages(kind, name), mayBeThere);
		});
	}
});
