import type { RowIcon } from "./mapFrame";

/**
 * The codicon of each kind of mapping, and of each group of mappings that is of no single kind: the same in VS Code's
 * trees and in the webviews.
 */
export const rowIcons = {
	code: "symbol-method",
	readOnlyData: "symbol-constant",
	data: "symbol-variable",
	bss: "symbol-field",
	heap: "layers",
	stack: "list-flat",
	anonymous: "symbol-array",
	file: "file",
	sharedMemory: "references",
	hugetlb: "package",
	device: "circuit-board",
	kernel: "gear",
	guard: "shield",
	reserved: "dash",
	other: "symbol-misc",
	program: "file-binary",
	library: "library",
	region: "symbol-array",
} as const satisfies Readonly<Record<RowIcon, string>>;
