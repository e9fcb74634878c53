import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import type { PageBytes } from "../../../src/shared/pageBytes";
import { addressToPage } from "../../../src/shared/units";
import { Target } from "../../support/target";

describe("bytes of a page", () => {
	const system = readSystemInfo();
	const { pageSize } = system;
	const sampler = createSamplerService(system);
	let target: Target;
	let watch: number;

	before(async () => {
		target = await Target.start();
		watch = await sampler.watch(target.pid);
		await sampler.sample(watch, { smaps: "never" });
	});
	after(() => target?.stop());

	const bytesOf = (range: string, index: number): Promise<PageBytes> =>
		sampler.bytes(watch, addressToPage(target.range(range).start, pageSize) + index);

	it("of a private copy come with those of the file, which differ", async () => {
		const { bytes, file } = await bytesOf("copied", 1);
		const onDisk = await readFile(join(target.folder, "copied.bin"));
		assert.deepEqual(file && Buffer.from(file), onDisk.subarray(pageSize, 2 * pageSize));
		assert.notDeepEqual(Buffer.from(bytes), onDisk.subarray(pageSize, 2 * pageSize));
	});

	it("of a page of the file that is not copied are the file's", async () => {
		const { bytes, file } = await bytesOf("copied", 0);
		assert.deepEqual(file, bytes);
	});

	it("of anonymous and of shared memory come alone", async () => {
		assert.equal((await bytesOf("anonymous", 0)).file, undefined);
		assert.equal((await bytesOf("shared", 0)).file, undefined);
		assert.equal((await bytesOf("memfd", 0)).file, undefined);
	});
});
