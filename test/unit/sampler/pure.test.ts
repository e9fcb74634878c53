import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseMaps } from "../../../src/extension/proc/maps";
import { parseSmaps } from "../../../src/extension/proc/smaps";
import { camelCase } from "../../../src/extension/sampler/addressSpace";
import { alignSmaps } from "../../../src/extension/sampler/alignSmaps";
import { recordedPageSize as pageSize, recorded } from "../../support/fixtures";

describe("names of smaps fields in the API", () => {
	const names: readonly (readonly [string, string])[] = [
		["Size", "size"],
		["KernelPageSize", "kernelPageSize"],
		["MMUPageSize", "mmuPageSize"],
		["Rss", "rss"],
		["Pss", "pss"],
		["Pss_Dirty", "pssDirty"],
		["Pss_Anon", "pssAnon"],
		["Pss_File", "pssFile"],
		["Pss_Shmem", "pssShmem"],
		["Shared_Clean", "sharedClean"],
		["Shared_Dirty", "sharedDirty"],
		["Private_Clean", "privateClean"],
		["Private_Dirty", "privateDirty"],
		["Referenced", "referenced"],
		["Anonymous", "anonymous"],
		["KSM", "ksm"],
		["LazyFree", "lazyFree"],
		["AnonHugePages", "anonHugePages"],
		["ShmemPmdMapped", "shmemPmdMapped"],
		["ShmemHugePages", "shmemHugePages"],
		["FilePmdMapped", "filePmdMapped"],
		["Shared_Hugetlb", "sharedHugetlb"],
		["Private_Hugetlb", "privateHugetlb"],
		["Swap", "swap"],
		["SwapPss", "swapPss"],
		["Locked", "locked"],
		["THPeligible", "thpEligible"],
		["ProtectionKey", "protectionKey"],
	];
	for (const [kernel, api] of names) it(`${kernel} is ${api}`, () => assert.equal(camelCase(kernel), api));

	it("cover every field of the recordings, each under a name of its own", () => {
		const known = new Map(names);
		const fields = [...parseSmaps(recorded("java", "smaps"), pageSize).fields.keys()];
		for (const field of fields) assert.ok(known.has(field), field);
		assert.equal(new Set(fields.map(camelCase)).size, fields.length);
	});
});

describe("alignSmaps", () => {
	const line = (page: number, pages: number): string => {
		const [start, end] = [page, page + pages].map((one) => (one * pageSize).toString(16).padStart(8, "0"));
		return `${start}-${end} rw-p 00000000 00:00 0 \n`;
	};
	/** Two readings of one process: ranges that stay, come, go and change their end. */
	const readings = fc.array(
		fc.record({
			gap: fc.nat(3),
			pages: fc.integer({ min: 1, max: 5 }),
			fate: fc.constantFrom("stays", "comes", "goes", "grows"),
		}),
		{ maxLength: 30 },
	);

	it("gives each mapping what smaps said of the very same range, and NaN where it said nothing", () => {
		fc.assert(
			fc.property(readings, (list) => {
				let page = 16;
				let [smapsText, mapsText] = ["", ""];
				const expected: number[] = [];
				for (const { gap, pages, fate } of list) {
					page += gap;
					if (fate !== "comes")
						smapsText += `${line(page, pages)}Rss: ${page} kB\nVmFlags: rd ${page % 7}\nOdd: ${page} words\n`;
					if (fate !== "goes") {
						mapsText += line(page, fate === "grows" ? pages + 1 : pages);
						expected.push(fate === "stays" ? page : Number.NaN);
					}
					page += pages + 1;
				}
				const maps = parseMaps(Buffer.from(mapsText), pageSize);
				const smaps = parseSmaps(Buffer.from(smapsText), pageSize);
				const aligned = alignSmaps(smaps, maps);
				assert.equal(aligned.maps, maps);
				const rss = aligned.fields.get("Rss");
				if (rss === undefined) return assert.equal(smaps.fields.size, 0);
				assert.deepEqual(
					[...rss],
					expected.map((kib) => kib * 1024),
				);
				assert.deepEqual(
					[...aligned.flags].map((index) => aligned.flagTable[index]),
					expected.map((kib) => (Number.isNaN(kib) ? [] : ["rd", String(kib % 7)])),
				);
				assert.deepEqual(
					expected.map((_, index) => aligned.texts.get(index)),
					expected.map((kib) => (Number.isNaN(kib) ? undefined : [`Odd: ${kib} words`])),
				);
			}),
			{ numRuns: 300 },
		);
	});

	it("changes nothing where nothing changed", () => {
		const smaps = parseSmaps(recorded("chromium", "smaps"), pageSize);
		const aligned = alignSmaps(smaps, parseMaps(recorded("chromium", "maps"), pageSize));
		assert.deepEqual(aligned.fields, smaps.fields);
		assert.deepEqual(aligned.flags, smaps.flags);
	});
});
