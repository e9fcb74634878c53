import type { MappingKind } from "../../shared/mappingKinds";
import { baseName } from "./names";

/**
 * Names that are no file's. The kernel makes most of them; `[anon:…]` a process may choose (prctl(2), PR_SET_VMA), and
 * glibc since 2.41 chooses them for its own memory when the tunable `glibc.mem.decorate_maps` is set.
 */

/**
 * Names of memory that drivers and parts of the kernel lend, some of it without page structures: perf rings since about
 * Linux 6.14, those of io_uring before 6.10, what VFIO passes on, and objects that are still to come.
 */
const driverMemory = /^(\/dev\/|\/sys\/|\/dmabuf:|\/i915$|\/drm mm object$|anon_inode:)/;

/** Kind of a mapping whose name is no file's; undefined when the name says nothing. */
export function kindOfPseudoName(name: string): MappingKind | undefined {
	if (name === "[heap]") return "heap";
	if (name === "[stack]" || name.startsWith("[stack:")) return "stack";
	if (name.startsWith("[anon:")) {
		if (/^\[anon: ?glibc: (loader )?malloc/.test(name)) return "heap";
		return /^\[anon: ?glibc: pthread (user )?stack/.test(name) ? "stack" : "anonymous";
	}
	if (name.startsWith("[anon_shmem:")) return "sharedMemory";
	if (name.startsWith("[")) return "kernel"; // vdso, vvar, vsyscall, vectors, sigpage, uprobes, and what will come
	if (/^\/(memfd:|dev\/shm\/|SYSV[0-9a-f]{8}$|secretmem$)/.test(name)) return "sharedMemory";
	if (name === "/anon_hugepage") return "hugetlb";
	if (driverMemory.test(name) || /^(\/\[aio\]$|socket:)/.test(name)) return "device";
	return undefined;
}

/**
 * Whether the kernel hides which pages of a mapping are there. It walks no page table of memory without page structures
 * (VM_PFNMAP, `pf` among the VmFlags; mm/pagewalk.c), as drivers map that of a device, and the kernel the variables of
 * the vDSO: by pagemap and PAGEMAP_SCAN all of it is absent. Told by name, which costs nothing, in contrast to smaps:
 * where a driver lends ordinary pages, the absent ones are unknown, too.
 */
export function hidesPages(kind: MappingKind, name: string): boolean {
	return name.startsWith("[vvar") || (kind === "device" && driverMemory.test(name));
}

/** The name that a process gave to anonymous memory: `v8` of `[anon:v8]`; undefined for other names. */
export function givenName(name: string): string | undefined {
	return /^\[anon(?:_shmem)?: ?(?:glibc: )?(.*)\]$/s.exec(name)?.[1];
}

/** What shared memory is, in words. */
export function sharedMemoryLabel(name: string): string {
	if (name.startsWith("/memfd:")) return `memfd ${name.slice("/memfd:".length)}`;
	if (name === "/SYSV00000000") return "SysV private segment";
	if (name.startsWith("/SYSV")) return `SysV key 0x${name.slice("/SYSV".length)}`;
	if (name === "/dev/zero") return "Shared anonymous";
	return givenName(name) ?? baseName(name);
}

/** Memory that a driver or a part of the kernel shares with the process, by name. */
const deviceLabels: readonly (readonly [name: RegExp, label: (match: RegExpExecArray) => string])[] = [
	[/^anon_inode:\[io_uring\]$/, () => "io_uring rings"],
	[/^\/\[aio\]$/, () => "AIO ring"],
	[/^anon_inode:\[perf_event\]$/, () => "perf events"],
	[/^anon_inode:kvm-vcpu:(\d+)$/, ([, number]) => `KVM virtual CPU ${number}`],
	[/^anon_inode:bpf-map$/, () => "BPF map"],
	[/^anon_inode:\[?(.*?)\]?$/s, ([, what]) => `Kernel object ${what}`],
	[/^socket:\[(\d+)\]$/, ([, inode]) => `Packet socket ring ${inode}`],
	[/^\/dmabuf:(.*)$/s, ([, buffer]) => (buffer === "" ? "dma-buf" : `dma-buf ${buffer}`)],
	[/^\/i915$/, () => "GPU buffer (i915)"],
	[/^\/drm mm object$/, () => "GPU buffer"],
	[/^\/dev\/dri\/(.*)$/s, ([, node]) => `GPU ${node}`],
	[/^\/dev\/(nvidia.*)$/s, ([, node]) => `NVIDIA GPU ${node}`],
	[
		/^\/sys\/devices\/.*\/([\da-f:.]+)\/(resource\d)(?:_wc)?$/,
		([, device, resource]) => `PCI device ${device} ${resource}`,
	],
	[/^\/dev\/kfd$/, () => "AMD GPU kfd"],
	[/^\/dev\/infiniband\/(.*)$/s, ([, node]) => `InfiniBand ${node}`],
	[/^\/dev\/fb(\d+)$/, ([, number]) => `Frame buffer ${number}`],
];

/** What a mapped device is, in words where it is one that many programs map; else its name. */
export function deviceLabel(name: string): string {
	for (const [pattern, label] of deviceLabels) {
		const match = pattern.exec(name);
		if (match) return label(match);
	}
	return baseName(name);
}
