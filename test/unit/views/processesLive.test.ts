import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { ProcessesModel } from "../../../src/extension/views/processes/processesModel";
import { formatBytes } from "../../../src/shared/units";
import { askWitness, Target } from "../../support/target";

/** The Processes view's rows of a live process, against the program itself and an independent witness. */
describe("Processes view on a live target", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	const size = (pages: number) => formatBytes(pages * system.pageSize);
	let target: Target;
	let model: ProcessesModel;
	let id: string;

	before(async () => {
		target = await Target.start();
	});
	after(() => target.stop());
	beforeEach(async () => {
		const options = { filter: "", folded: false, kernelThreads: false };
		model = new ProcessesModel(sampler, process.geteuid?.(), options, () => undefined);
		await model.refresh();
		id = model.children()?.find((row) => row.startsWith(`${target.pid}:`)) ?? "";
		model.setExpanded(id, true);
		await model.load(id);
	});

	const childLabels = (of: string) => (model.children(of) ?? []).map((row) => model.node(row)?.label);
	/** Every mapping row at any depth below `of`. */
	const mappings = (of: string): string[] =>
		(model.children(of) ?? []).flatMap((row) => (model.node(row)?.subject.kind === "mapping" ? [row] : mappings(row)));

	it("shows its hostile name with what is invisible made visible", () => {
		equal(model.node(id)?.label, "target<b>\\n)");
		match(model.node(id)?.description ?? "", new RegExp(`^${target.pid} · [\\d.]+ [KM]iB`));
	});

	it("files its memory where a person looks for it", () => {
		const groups = childLabels(id);
		for (const name of ["Modules", "Stacks", "Anonymous", "Shared memory", "Files", "Kernel"]) {
			ok(groups.includes(name), `${name} in ${groups.join()}`);
		}
		ok(childLabels(`${id}/modules`).includes("target"));
	});

	it("lists every mapping once, with the kernel's own line, and those the program made with their resident bytes", async () => {
		for (const parent of [id, `${id}/modules`]) {
			for (const row of model.children(parent) ?? []) if (row.endsWith("/more")) await model.showMore(parent);
		}
		await model.showMore(`${id}/modules`);
		const witness = await askWitness(target.pid);
		const rows = mappings(id).flatMap((row) => {
			const subject = model.node(row)?.subject;
			return subject?.kind === "mapping" ? [subject.mapping] : [];
		});
		const starts = rows.map(({ mapping }) => mapping.start.toString(16)).sort();
		deepEqual(starts, witness.mappings.map(({ start }) => start).sort());
		for (const [name, pages] of [
			["anonymous", 3],
			["memfd", 2],
			["shared", 3],
		] as const) {
			const { start } = target.range(name);
			const found = rows.find(({ mapping }) => mapping.start === start);
			equal(found?.resident, pages * system.pageSize, name);
			ok(found?.line.startsWith(`${start.toString(16)}-`));
		}
	});

	it("follows what the program does", async () => {
		const resident = () => {
			const { start } = target.range("anonymous");
			const row = mappings(id).find((one) => one.endsWith(`/${start.toString(16)}`));
			return model.node(row ?? "")?.description;
		};
		equal(resident(), `rw-p ${size(3)} of ${size(16)}`);
		await target.command("touch");
		await model.refresh();
		equal(resident(), `rw-p ${size(4)} of ${size(16)}`);
	});

	it("says that a process is a zombie while its parent does not wait for it", async () => {
		// The shell becomes sleep(1), which never waits for the child that the shell had started.
		const parent = spawn("sh", ["-c", "sleep 0 & exec sleep 1000"], { stdio: "ignore" });
		try {
			const zombie = async (): Promise<string | undefined> => {
				await model.refresh();
				return model.children()?.find((row) => {
					const subject = model.node(row)?.subject;
					return subject?.kind === "process" && subject.process.parentPid === parent.pid;
				});
			};
			let row: string | undefined;
			const ended = () => model.node(row ?? "")?.description.includes("ended") === true;
			for (let attempt = 0; attempt < 500 && !ended(); attempt++) row = await zombie();
			equal(model.node(row ?? "")?.icon, "circle-slash");
			const [notice = ""] = model.children(row) ?? [];
			match(model.node(notice)?.label ?? "", new RegExp(`waits for its parent \\(${parent.pid}\\)`));
		} finally {
			parent.kill("SIGKILL");
			await once(parent, "exit");
		}
	});
});
