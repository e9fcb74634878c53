import { deepEqual, equal, rejects } from "node:assert/strict";
import { execFile } from "node:child_process";
import { chown, lstat, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { removeForeign } from "../../../../scripts/support/removeForeign.mjs";
import { sharedFile } from "../../../../src/extension/lab/demos/sharedFile";
import { type ScratchPlace, scratchPlaces } from "../../../../src/extension/lab/scratch/privateFolder";
import { labProgram, makeLab } from "../../../support/labSessions";
import { nobody } from "../../../support/nobody";
import {
	makeScratch,
	PlaceFolders,
	privateFolderOf,
	privateName,
	scratchIn,
	scratchName,
	treeOf,
} from "../../../support/scratch";
import { skip } from "../../../support/skip";

const run = promisify(execFile);
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
	let folders: PlaceFolders;
	/** A place that will do when the one under test does not. */
	let good: string;

	beforeEach(async function () {
		folders = await PlaceFolders.make(this);
		good = await folders.folder("good", 0o1777);
	});
	afterEach(() => folders?.remove());

	const folder: PlaceFolders["folder"] = (...parameters) => folders.folder(...parameters);
	const at = (name: string) => join(folders.base, name);

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
		await symlink(place, at("link"));
		equal(await placeOf(at("link")), place);
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
				await symlink(await folder("open", 0o777), at("link"));
				return at("link");
			},
		],
		["that does not exist", async () => at("missing")],
		[
			"that is a file",
			async () => {
				await writeFile(at("file"), "");
				return at("file");
			},
		],
	];
	for (const [what, make, needsRoot] of hostile) {
		it(`does not lie in a temp folder ${what}`, async function () {
			if (needsRoot && !isRoot) return skip(this, "only root can give folders to another user");
			const place = await make();
			const before = await treeOf(folders.base);
			equal(await placeOf(place), good);
			deepEqual(await treeOf(folders.base), before);
		});
	}

	const strange: readonly (readonly [what: string, make: () => Promise<string>, root?: true])[] = [
		["that others may read", () => folder("open", 0o755)],
		["of another user", () => folder("foreign", 0o700, nobody), true],
		[
			"that is a link",
			async () => {
				await symlink(await folder("real", 0o700), at("link"));
				return at("link");
			},
		],
		["that does not exist", async () => at("missing")],
	];
	for (const [what, make, needsRoot] of strange) {
		it(`does not lie in a runtime folder ${what}`, async function () {
			if (needsRoot && !isRoot) return skip(this, "only root can give folders to another user");
			const place = await make();
			const before = await treeOf(folders.base);
			equal(await placeOf({ folder: place, own: true }), good);
			deepEqual(await treeOf(folders.base), before);
		});
	}

	it("is not one with its name that another user has made: that is left alone, and another name taken", async function () {
		if (!isRoot) return skip(this, "only root can give folders to another user");
		for (const mode of [0o700, 0o777]) {
			const foreign = await folder(join("good", privateName), mode);
			await writeFile(join(foreign, scratchName), "another user's");
			await chown(foreign, nobody.uid, nobody.gid);
			const before = [await treeOf(good), await lstat(foreign)];
			await expectAnotherName();
			deepEqual([await treeOf(good), await lstat(foreign)], before);
			await removeForeign(foreign);
		}
	});

	it("is not one with its name that others may read, that is a link, or a file", async () => {
		const own = join(good, privateName);
		const real = await folder("real", 0o700);
		await mkdir(join(real, "lab-abcdef"), { mode: 0o700 });
		await writeFile(join(real, "lab-abcdef", scratchName), "a person's");
		const makers = [
			() => folders.folder(join("good", privateName), 0o755),
			() => symlink(real, own),
			() => writeFile(own, ""),
		];
		for (const make of makers) {
			await make();
			await expectAnotherName();
			await removeForeign(own);
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

	it("is the one of another name that a lab has left, if there is one: it is tidied as well", async () => {
		await folder(join("good", privateName), 0o755);
		const other = await folder(join("good", `${privateName}-abcdef`), 0o700);
		const left = await folder(join("good", `${privateName}-abcdef`, "lab-abcdef"), 0o700);
		await writeFile(join(left, scratchName), "left");
		await folder(join("good", `${privateName}-aaaaaa`), 0o755);
		const files = scratchIn(good);
		equal(privateFolderOf(await makeScratch(files)), other);
		await files.remove();
		deepEqual(await treeOf(good), [privateName, `${privateName}-aaaaaa`]);
	});

	it("is not one that gets another mode than it should, and none of that is left", async () => {
		const umask = process.umask(0o277);
		try {
			await rejects(makeScratch(scratchIn(good)), { feature: "labScratch", detail: /mode 0700$/ });
		} finally {
			process.umask(umask);
		}
		deepEqual(await treeOf(good), []);
	});

	it("does not lie where the file system is full, and leaves nothing there", async function () {
		const full = await folder("full", 0o700);
		// One inode each for the root, the private folder and the demo's own: none for its file.
		const options = ["-t", "tmpfs", "-o", "nr_inodes=3,mode=1777", "none", full];
		const mounted = await run("mount", options).catch((error: unknown) =>
			skip(this, `nothing can be mounted: ${error}`),
		);
		equal(mounted.stderr, "");
		try {
			equal(await placeOf(full), good);
			deepEqual(await treeOf(full), []);
		} finally {
			await run("umount", [full]);
		}
	});

	it("is refused where no place will do: the log says why, and a chosen file needs none", async () => {
		const open = await folder("open", 0o777);
		const missing = at("missing");
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
		const chosen = at("chosen");
		await writeFile(chosen, "a person's");
		await session.setParameters({ file: chosen });
		await session.step();
		equal(session.state.done, 1);
		lab.dispose();
	});
});
