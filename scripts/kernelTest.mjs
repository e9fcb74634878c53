// `npm run test:kernel`: boots a Debian kernel in qemu, on a machine of two memory nodes, and runs the tests there that want
// what most kernels and machines do not have: notes of written pages (soft-dirty), several nodes, Yama, devices. The last line
// is the sum.
//   npm run test:kernel -- --suite trixie    Linux 6.12 instead of bookworm's 6.1
//   npm run test:kernel -- --grep "notes"    only tests with such titles
//   npm run test:kernel -- --kvm             with the processor's help, where /dev/kvm works (in virtual machines it may not)
// Needs root (debootstrap does). The system that is booted stays in out/kernel for the next time.
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { checkout, endOnSignals, run } from "./support/commands.mjs";
import { removeFolder } from "./support/folders.mjs";
import { installPackages } from "./support/systemPackages.mjs";

/** @typedef {import("./test.mjs").Report} Report */

const { values: options } = parseArgs({
	options: {
		kvm: { type: "boolean", default: false },
		suite: { type: "string", default: "bookworm" },
		grep: { type: "string", default: "" },
	},
});

/** What the host needs. */
const packages = {
	"qemu-system-x86": () => existsSync("/usr/bin/qemu-system-x86_64"),
	debootstrap: () => existsSync("/usr/sbin/debootstrap"),
	e2fsprogs: () => existsSync("/usr/sbin/mke2fs"),
	"xz-utils": () => existsSync("/usr/bin/xz"),
};
/** What the system in the machine needs, besides Debian's minimum. */
const guestPackages = [
	...["busybox-static", "gcc", "libc6-dev", "binutils", "python3", "python3-psutil", "procps"],
	...["util-linux", "util-linux-extra", "mount", "xz-utils"],
];
/** Modules of the disks and their file system, and of a GPU without hardware, as far as they are not built in. */
const modules = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "vgem"];

/**
 * What is run, and under which of Yama's restrictions. All tests in one process, since starting one takes a while there.
 * @type {{ scope: number, folders: string, titles: string }[]}
 */
const runs = [
	// Comparing with other programs and reading huge processes take most of the time, and are no matter of the kernel.
	{
		scope: 0,
		folders: "unit/native unit/proc unit/sampler",
		titles: options.grep || "^(?!beside other readers|ReaderThread)",
	},
	...(options.grep ? [] : [1, 2].map((scope) => ({ scope, folders: "unit/sampler", titles: "Yama" }))),
];

/** Suites that this machine is made for: there they may not be skipped, except those of Yama where it restricts nothing. */
const wanted = [
	/^(notes of written pages|several memory nodes) — skipped/,
	/^Yama — skipped(?!.*restricts nothing)/,
	/ (picture|registers) is .* — skipped/,
];

const folder = join(checkout, "out/kernel", options.suite);
const image = join(folder, "system.img");
endOnSignals();
try {
	process.exitCode = await main();
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
}

async function main() {
	if (!/^[a-z]+$/.test(options.suite)) throw new Error("--suite takes the name of a Debian release."); // part of a path
	await installPackages(packages);
	if (process.getuid?.() !== 0) throw new Error("Please run it as root: only root can unpack a Debian system.");
	await succeed(process.execPath, ["esbuild.mjs", "--tests"], "the tests cannot be built");
	if (!existsSync(image)) await makeSystem();
	await makeRamDisk();
	await makeProject();
	await rm(join(folder, "reports"), { force: true });
	// Emulated, the tests take some fifteen minutes.
	await run("qemu-system-x86_64", machine(), { limitMs: 5_400_000 });
	return sumUp(await readFile(join(folder, "reports"), "utf8").catch(() => ""));
}

/**
 * The machine: two processors and two memory nodes, a serial line for what is printed and one for the reports. The kernel
 * here is not asked to merge its memory with others' (KSM): unit tests that wait for theirs would wait for long.
 */
function machine() {
	const node = (/** @type {number} */ id) => [
		...["-object", `memory-backend-ram,id=memory${id},size=1G`],
		...["-numa", `node,nodeid=${id},cpus=${id},memdev=memory${id}`],
	];
	const disk = (/** @type {string} */ name) => [
		...["-drive", `if=none,id=${name},file=${join(folder, `${name}.img`)},format=raw,snapshot=on`],
		...["-device", `virtio-blk-pci,drive=${name}`],
	];
	return [
		...["-nodefaults", "-no-reboot", "-display", "none", "-machine", "q35,mem-merge=off"],
		...["-accel", options.kvm ? "kvm" : "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "2G"],
		...[...node(0), ...node(1)],
		...["-kernel", join(folder, "vmlinuz"), "-initrd", join(folder, "ramdisk")],
		...["-append", "console=ttyS0 quiet panic=-1"],
		...[...disk("system"), ...disk("project")],
		...["-serial", "stdio", "-serial", `file:${join(folder, "reports")}`],
	];
}

/** Unpacks a Debian system and a kernel for it, once. */
async function makeSystem() {
	console.log(`Debian ${options.suite}: unpacking`);
	const root = join(folder, "root");
	await removeFolder(folder);
	await mkdir(root, { recursive: true });
	const mirror = "http://deb.debian.org/debian";
	const include = `--include=${guestPackages.join(",")}`;
	await succeed("debootstrap", ["--variant=minbase", include, options.suite, root, mirror], "debootstrap failed");
	const fetch = 'cd /tmp && apt-get download "$(apt-cache depends linux-image-amd64 | sed -n "s/ *Depends: //p")"';
	await succeed("chroot", [root, "sh", "-c", fetch], "the kernel cannot be downloaded");
	const kernel = join(folder, "kernel");
	await succeed("sh", ["-c", 'dpkg -x "$1"/tmp/linux-image*.deb "$2"', "sh", root, kernel], "no kernel");
	const [vmlinuz] = (await readdir(join(kernel, "boot"))).filter((name) => name.startsWith("vmlinuz"));
	await cp(join(kernel, "boot", vmlinuz ?? ""), join(folder, "vmlinuz"));
	await cp(join(root, "bin/busybox"), join(folder, "busybox"));
	await mkdir(join(root, "project"));
	await succeed("sh", ["-c", 'rm -rf "$1"/tmp/* "$1"/var/cache/apt/*', "sh", root], "no cleaning up");
	await makeImage(root, `${image}.new`, "1500M");
	await succeed("mv", [`${image}.new`, image], "no image");
	await removeFolder(root);
}

/** The initial RAM disk: busybox, and the modules that it takes to reach the disks. */
async function makeRamDisk() {
	const root = join(folder, "ramdisk.d");
	await removeFolder(root);
	await mkdir(join(root, "bin"), { recursive: true });
	await mkdir(join(root, "modules"));
	await cp(join(folder, "busybox"), join(root, "bin/busybox"));
	await cp(join(checkout, "test/kernel/initramfs.sh"), join(root, "init"));
	await chmod(join(root, "init"), 0o755);
	const files = await moduleFiles();
	/** @type {Set<string>} */
	const order = new Set();
	const add = async (/** @type {string} */ name) => {
		const file = files.get(name);
		if (file === undefined || order.has(name)) return; // built in, or there already
		const bytes = await readModule(file);
		// What a module needs is in its own section `.modinfo`, as text; modules.dep is made by who installs a kernel.
		const needs = /\0depends=([^\0]*)\0/.exec(bytes.toString("latin1"))?.[1]?.split(",") ?? [];
		for (const need of needs.filter(Boolean)) await add(need);
		await writeFile(join(root, "modules", `${String(order.size).padStart(2, "0")}-${name}.ko`), bytes);
		order.add(name);
	};
	for (const name of modules) await add(name);
	const pack = 'cd "$1" && find . | ./bin/busybox cpio -o -H newc 2>/dev/null > "$2"';
	await succeed("sh", ["-c", pack, "sh", root, join(folder, "ramdisk")], "no RAM disk");
	await writeFile(join(folder, "ramdisk"), gzipSync(await readFile(join(folder, "ramdisk")), { level: 1 }));
}

/** Files of modules by name; names are written with `_`, files also with `-`. */
async function moduleFiles() {
	const root = join(folder, "kernel");
	const paths = (await readdir(root, { recursive: true })).filter((path) => /\.ko(\.xz|\.gz)?$/.test(path));
	return new Map(
		paths.map((path) => [
			path
				.replace(/.*\//, "")
				.replace(/\.ko.*$/, "")
				.replaceAll("-", "_"),
			join(root, path),
		]),
	);
}

/** @param {string} path */
async function readModule(path) {
	if (path.endsWith(".gz")) return gunzipSync(await readFile(path));
	if (!path.endsWith(".xz")) return await readFile(path);
	await succeed("xz", ["--decompress", "--keep", "--force", path], `xz cannot read ${path}`);
	return await readFile(path.slice(0, -".xz".length));
}

/** The disk with the tests: what is built, what they read of the checkout, Node, and the packages that they use. */
async function makeProject() {
	const root = join(folder, "project.d");
	await removeFolder(root);
	await mkdir(join(root, "out"), { recursive: true });
	await cp(process.execPath, join(root, "out/node"), { dereference: true });
	const heavy = ["test/workbench", "test/integration", "test/bench"].map((path) => join(checkout, path));
	for (const path of ["out/test", "src", "test", "package.json", "esbuild.mjs", "tsconfig.json"]) {
		await cp(join(checkout, path), join(root, path), { recursive: true, filter: (from) => !heavy.includes(from) });
	}
	const found = new Set();
	for (const name of ["mocha", "esbuild", "koffi"]) await addPackage(name, checkout, root, found);
	const lines = runs.map(
		({ scope, folders, titles }) => `run ${scope} "${folders}" '${titles.replaceAll("'", ".")}'\n`,
	);
	await writeFile(join(root, "runs.sh"), lines.join(""));
	await makeImage(root, join(folder, "project.img"), "1500M");
	await removeFolder(root);
}

/**
 * Copies an installed package, and those that it needs.
 * @param {string} name
 * @param {string} from
 * @param {string} root
 * @param {Set<string>} found
 */
async function addPackage(name, from, root, found) {
	for (let at = from; at.startsWith(checkout); at = dirname(at)) {
		const path = join(at, "node_modules", name);
		if (!existsSync(join(path, "package.json"))) continue;
		if (found.has(path)) return;
		found.add(path);
		await cp(path, join(root, path.slice(checkout.length)), { recursive: true });
		const { dependencies, optionalDependencies } = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
		for (const other of Object.keys({ ...dependencies, ...optionalDependencies })) {
			await addPackage(other, path, root, found);
		}
		return;
	}
}

/**
 * @param {string} root
 * @param {string} path
 * @param {string} size
 */
async function makeImage(root, path, size) {
	await rm(path, { force: true });
	await succeed("mke2fs", ["-q", "-t", "ext4", "-d", root, path, size], `${path} cannot be made`);
}

/**
 * Prints the sum of what the machine reported, and gives the exit code.
 * @param {string} text
 */
function sumUp(text) {
	const reports = text
		.split("\n")
		.flatMap((line) => (line.startsWith("{") ? [/** @type {Report} */ (JSON.parse(line))] : []));
	const failed = reports.flatMap((report) => report.failed);
	if (reports.length < runs.length)
		failed.push(`${runs.length - reports.length} of ${runs.length} runs gave no report`);
	const skipped = reports.flatMap((report) => report.skipped);
	failed.push(...skipped.filter((title) => wanted.some((suite) => suite.test(title))));
	const passed = reports.reduce((sum, report) => sum + report.passed, 0);
	console.log();
	for (const title of skipped) console.log(title);
	for (const title of failed) console.log(`failed: ${title}`);
	console.log(`${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
	return failed.length > 0 ? 1 : 0;
}

/**
 * Runs a command quietly. Rejects with `failure` when it fails; what it printed is shown then.
 * @param {string} command
 * @param {string[]} parameters
 * @param {string} failure
 */
async function succeed(command, parameters, failure) {
	const env = { DEBIAN_FRONTEND: "noninteractive", PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
	if ((await run(command, parameters, { quiet: true, env })) !== 0) throw new Error(failure);
}
