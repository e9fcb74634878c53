import { deepEqual, equal, rejects } from "node:assert/strict";
import { chmod, chown, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sharedFile } from "../../../../src/extension/lab/demos/sharedFile";
import { type ScratchPlace, scratchPlaces } from "../../../../src/extension/lab/scratch/privateFolder";
import { labProgram, makeLab } from "../../../support/labSessions";
import { nobody } from "../../../support/nobody";
import {
	makeScratch,
	makeShared,
	privateFolderOf,
	privateName,
	scratchIn,
	scratchName,
	treeOf,
} from "../../../support/scratch";
import { skip } from "../../../support/skip";

const isRoot = process.geteuid?.() === 0;

describe("places for scratch files", () => {
	it("are the runtime folder, the temp folder, and the usual ones", () => {
		const shared = (folder: string) => ({ folder, own: false });
		const usual = [shared("/tmp"), shared("/var/tmp")];
		deepEqual(scratchPlaces({ XDG_RUNTIME_DIR: "/run/user/1000" }, "/scratch"), [
			{ folder: "/run/user/1000", own: true },
			shared("/scratch"),
			...usual,
		]);
		deepEqual(scratchPlaces({}, "/tmp"), usual);
		for (const wrong of ["", "run/user/1000"]) deepEqual(scratchPlaces({ XDG_RUNTIME_DIR: wrong }, "/tmp"), usual);
	});
});

describe("the private folder of the lab", () => {
	let base: string;
	/** A place that will do when the one under test does not. */
	let good: string;

	beforeEach(async () => {
		base = await mkdtemp(join(tmpdir(), "scratch-places-"));
		await chmod(base, 0o755);
		good = await makeShared();
	});
	afterEach(async () => {
		for (const folder of [base, good]) await rm(folder, { recursive: true, force: true });
	});

	/** Makes a folder in `base`. */
	async function folder(name: string, mode: number, owner?: typeof nobody): Promise<string> {
		const path = join(base, name);
		await mkdir(path);
		await chmod(path, mode);
		if (owner) await chown(path, owner.uid, owner.gid);
		return path;
	}

	/** The place that the files of a demo get, if the first choice is this one. */
	async function placeOf(first: ScratchPlace | string): Promise<string> {
		const files = scratchIn(first, good);
		const place = dirname(privateFolderOf(await makeScratch(files)));
		await files.remove();
		return place;
	}

	it("lies in the temp folder, for which 1777 and 0700 will do", async () => {
		for (const mode of [0o1777, 0o700, 0o755]) {
			const place = await folder(mode.toString(8), mode);
			equal(await placeOf(place), place);
		}
	});

	it("lies where a link leads, if that is safe", async () => {
		const place = await folder("real", 0o1777);
		await symlink(place, join(base, "link"));
		equal(await placeOf(join(base, "link")), place);
	});

	it("lies in a runtime folder that is really this user's", async () => {
		const place = await folder("runtime", 0o700);
		const files = scratchIn({ folder: place, own: true }, good);
		equal(privateFolderOf(await makeScratch(files)), join(place, "mapscope"));
		await files.remove();
	});

	const hostile: readonly (readonly [what: string, make: () => Promise<string>, root?: true])[] = [
		["that all users may change", () => folder("open", 0o777)],
		["that a group may change", () => folder("group", 0o770)],
		["that belongs to another user", () => folder("foreign", 0o1777, nobody), true],
		[
			"below one of another user",
			async () => {
				await folder("above", 0o755, nobody);
				return await folder("above/below", 0o700);
			},
			true,
		],
		[
			"below one that all may change",
			async () => {
				await folder("above", 0o777);
				return await folder("above/below", 0o700);
			},
		],
		[
			"that is a link to one that all may change",
			async () => {
				await symlink(await folder("open", 0o777), join(base, "link"));
				return join(base, "link");
			},
		],
		["that does not exist", async () => join(base, "missing")],
		[
			"that is a file",
			async () => {
				await writeFile(join(base, "file"), "");
				return join(base, "file");
			},
		],
	];
	for (const [what, make, needsRoot] of hostile) {
		it(`does not lie in a temp folder ${what}`, async function () {
			if (needsRoot && !isRoot) return skip(this, "only root can give folders to another user");
			const place = await make();
			const before = await treeOf(base);
			equal(await placeOf(place), good);
			deepEqual(await treeOf(base), before);
		});
	}

	const strange: readonly (readonly [what: string, make: () => Promise<string>, root?: true])[] = [
		["that others may read", () => folder("open", 0o755)],
		["of another user", () => folder("foreign", 0o700, nobody), true],
		[
			"that is a link",
			async () => {
				await symlink(await folder("real", 0o700), join(base, "link"));
				return join(base, "link");
			},
		],
		["that does not exist", async () => join(base, "missing")],
	];
	for (const [what, make, needsRoot] of strange) {
		it(`does not lie in a runtime folder ${what}`, async function () {
			if (needsRoot && !isRoot) return skip(this, "only root can give folders to another user");
			const place = await make();
			const before = await treeOf(base);
			equal(await placeOf({ folder: place, own: true }), good);
			deepEqual(await treeOf(base), before);
		});
	}

	it("is not one with its name that another user has made: that is left alone, and another name taken", async function () {
		if (!isRoot) return skip(this, "only root can give folders to another user");
		for (const mode of [0o700, 0o777]) {
			const foreign = join(good, privateName);
			await mkdir(foreign);
			await chmod(foreign, mode);
			await writeFile(join(foreign, scratchName), "another user's");
			await chown(foreign, nobody.uid, nobody.gid);
			const before = [await treeOf(good), await lstat(foreign)];
			await expectAnotherName();
			deepEqual([await treeOf(good), await lstat(foreign)], before);
			await rm(foreign, { recursive: true });
		}
	});

	it("is not one with its name that others may read, that is a link, or a file", async () => {
		const own = join(good, privateName);
		const real = await folder("real", 0o700);
		await mkdir(join(real, "lab-abcdef"), { mode: 0o700 });
		await writeFile(join(real, "lab-abcdef", scratchName), "a person's");
		const makers = [() => mkdir(own, { mode: 0o755 }), () => symlink(real, own), () => writeFile(own, "")];
		for (const make of makers) {
			await make();
			await expectAnotherName();
			await rm(own, { recursive: true });
		}
		deepEqual(await treeOf(real), ["lab-abcdef", join("lab-abcdef", scratchName)]);
	});

	/** In `good`, a demo gets a private folder with a name that cannot be foreseen, and all is as before when it ends. */
	async function expectAnotherName(): Promise<void> {
		const before = await treeOf(good);
		const files = scratchIn(good);
		const chosen = privateFolderOf(await makeScratch(files));
		equal(chosen.replace(/-[A-Za-z0-9]{6}$/, ""), join(good, privateName));
		const { uid, mode } = await lstat(chosen);
		deepEqual([uid, mode & 0o777], [process.geteuid?.(), 0o700]);
		await files.remove();
		deepEqual(await treeOf(good), before);
	}

	it("is refused where no place will do: the log says why, and a chosen file needs none", async () => {
		const open = await folder("open", 0o777);
		const missing = join(base, "missing");
		const logged: string[] = [];
		const lab = makeLab(labProgram, {
			scratchPlaces: [open, missing].map((place) => ({ folder: place, own: false })),
			log: { info: () => undefined, warn: (text) => void logged.push(text), error: () => undefined },
		});
		const session = await lab.open(sharedFile);
		await rejects(session.step(), { code: "unsupported", feature: "labScratch" });
		equal(session.state.trouble?.feature, "labScratch");
		const reasons = `${open}: other users may change what is in ${open}; ${missing}: ENOENT`;
		deepEqual(logged, [`shared-file: MapscopeError: unsupported labScratch ${reasons}`]);
		const chosen = join(base, "chosen");
		await writeFile(chosen, "a person's");
		await session.setParameters({ file: chosen });
		await session.step();
		equal(session.state.done, 1);
		lab.dispose();
	});
});
