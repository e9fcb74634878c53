import {
	closeSync,
	constants,
	fstatSync,
	openSync,
	type PathLike,
	readdirSync,
	readlinkSync,
	statfsSync,
	statSync,
} from "node:fs";
import { hexPage } from "../../shared/units";
import { deviceOf } from "../base/device";
import type { Classification } from "../memory/classify";
import { hasPath, noName } from "../memory/names";
import type { MapsColumns } from "../proc/maps";

/** A file open for reading; whoever asked for it closes the descriptor. */
export interface OpenedFile {
	readonly descriptor: number;
	readonly path: PathLike;
	readonly size: number;
	readonly uid: number;
	/** Device, inode, size and time of the last write: the same text is the same content, as far as anyone can tell. */
	readonly identity: string;
}

/**
 * Opens the file behind mapping `index` for reading, and makes sure that it is that file: by its path inside the
 * process's own root, else through `map_files` (which also reaches unlinked files and shared anonymous memory, but needs
 * CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE), else as the program that it runs or through a descriptor that it holds.
 */
export function openMappedFile(
	pid: number,
	maps: MapsColumns,
	classification: Classification,
	index: number,
	pageSize: number,
	descriptors: DescriptorPaths,
): OpenedFile | "notAFile" | "notReachable" | "replaced" {
	const { name, path: nameBytes } = classification.names[maps.names[index] ?? 0] ?? noName;
	const inode = maps.inodes[index] ?? 0n;
	const range = `${hex(maps.startPages[index] ?? 0, pageSize)}-${hex(maps.endPages[index] ?? 0, pageSize)}`;
	const candidates: (() => PathLike | undefined)[] = [
		() => `/proc/${pid}/map_files/${range}`,
		() => descriptors.find(inode, maps.nameTable[maps.names[index] ?? 0] ?? ""),
	];
	if (hasPath(name)) {
		const bytes = Buffer.from(nameBytes, "latin1");
		candidates.unshift(
			() => Buffer.concat([Buffer.from(`/proc/${pid}/root`), bytes]),
			() => bytes,
		);
	}
	let found: "notReachable" | "replaced" = "notReachable";
	for (const candidate of candidates) {
		const path = candidate();
		if (path === undefined) continue;
		// Ask before opening: opening a device or a named pipe can have effects, or wait.
		const stat = tryCall(() => statSync(path, { bigint: true }));
		if (stat === undefined) continue;
		if (stat.ino !== inode || isElsewhere(path, stat.dev, maps.devices[index] ?? 0)) {
			found = "replaced";
			continue;
		}
		if (!stat.isFile()) return "notAFile";
		const descriptor = tryCall(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY));
		if (descriptor === undefined) continue;
		const { dev, ino, size, uid, mtimeNs } = fstatSync(descriptor, { bigint: true });
		if (ino === inode) {
			const identity = `${dev}:${ino}:${size}:${mtimeNs}`;
			return { descriptor, path, size: Number(size), uid: Number(uid), identity };
		}
		closeSync(descriptor);
		found = "replaced";
	}
	return found;
}

/** File systems (linux/magic.h) whose files have in `stat` the device that `maps` prints. */
const plainFileSystems: ReadonlySet<number> = new Set([
	0xef53, // ext2 to ext4
	0x58465342, // XFS
	0xf2f52010, // F2FS
	0x01021994, // tmpfs
	0x858458f6, // ramfs
	0x73717368, // squashfs
	0xe0f5e1e2, // EROFS
	0x4d44, // FAT
	0x6969, // NFS
]);

/**
 * Whether a file of the right inode number is another one, on another file system that was mounted over it: numbers are
 * small, and told anew by each. Btrfs, overlayfs and others print one device in `maps` and another in `stat`.
 */
export function isElsewhere(path: PathLike, packedDevice: bigint, device: number): boolean {
	if (deviceOf(packedDevice) === device) return false;
	const type = tryCall(() => statfsSync(path).type);
	return type !== undefined && plainFileSystems.has(type);
}

/**
 * The program and the descriptors of the process: links of the kernel that reach a memfd or an unlinked file without
 * privilege. Read when needed.
 */
export class DescriptorPaths {
	/** By inode and name, since inodes of different file systems may be equal. */
	#paths: Map<string, string> | undefined;

	constructor(private readonly pid: number) {}

	/** @param name as `maps` prints it, Latin-1. */
	find(inode: bigint, name: string): string | undefined {
		this.#paths ??= this.#read();
		return this.#paths.get(`${inode} ${name}`);
	}

	#read(): Map<string, string> {
		const directory = `/proc/${this.pid}/fd`;
		const paths = new Map<string, string>();
		const open = (tryCall(() => readdirSync(directory)) ?? []).map((name) => `${directory}/${name}`);
		for (const path of [`/proc/${this.pid}/exe`, ...open]) {
			const stat = tryCall(() => statSync(path, { bigint: true }));
			const target = stat?.isFile() ? tryCall(() => readlinkSync(path, "latin1")) : undefined;
			// `maps` escapes the newline, a link does not.
			if (stat && target !== undefined) paths.set(`${stat.ino} ${target.replaceAll("\n", "\\012")}`, path);
		}
		return paths;
	}
}

/** Names in `map_files` have no leading zeros, unlike the lines of `maps`. */
function hex(page: number, pageSize: number): string {
	return hexPage(page, pageSize).replace(/^0+(?=.)/, "");
}

function tryCall<T>(call: () => T): T | undefined {
	try {
		return call();
	} catch {
		return undefined;
	}
}
