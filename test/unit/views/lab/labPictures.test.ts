import { deepEqual, ok, rejects } from "node:assert/strict";
import { createSamplerService } from "../../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../../src/extension/sampler/system";
import { LabPictures } from "../../../../src/extension/views/lab/labPictures";
import { addressToPage } from "../../../../src/shared/units";
import { type Range, Target } from "../../../support/target";

describe("the pictures of the lab's processes", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const errors: unknown[] = [];
	let targets: Target[] = [];
	/** Whose pid the lab's process has now. */
	let bearer: Target;
	let pictures: LabPictures;

	beforeEach(async () => {
		targets = await Promise.all([Target.start(), Target.start()]);
		[bearer] = targets as [Target];
		const watch = async () => await sampler.watch(bearer.pid);
		pictures = new LabPictures({ ...sampler, watch }, (error) => errors.push(error));
	});
	afterEach(async () => {
		pictures.dispose();
		await Promise.all(targets.map((target) => target.stop()));
		deepEqual(errors, []);
	});

	const pageOf = ({ start }: Range): number => addressToPage(start, system.pageSize);
	/** First pages of the mappings in the picture of pid 1 around a range. */
	const around = async (range: Range): Promise<readonly number[]> => {
		const { rows } = await pictures.around(1, pageOf(range), { stripColumns: 10, stripCells: 10 });
		return rows.flatMap((row) => ("startPage" in row ? [row.startPage] : []));
	};

	it("are of the process that has a pid, also when it has taken it over from another one", async () => {
		const [former, later] = targets as [Target, Target];
		const was = former.range("anonymous");
		const is = later.range("anonymous");
		ok((await around(was)).includes(pageOf(was)));
		await former.stop();
		bearer = later;
		ok((await around(is)).includes(pageOf(is)));
		ok((await around(is)).includes(pageOf(is)));
	});

	it("are the last ones of a process that has ended, and none of one that was never seen", async () => {
		const range = bearer.range("anonymous");
		const before = await around(range);
		await bearer.stop();
		deepEqual(await around(range), before);
		pictures.keep([]);
		await rejects(around(range), { code: "processGone" });
	});
});
