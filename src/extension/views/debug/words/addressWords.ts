import type { AddressExplanation, FrameExplanation, StackUse } from "../../../../shared/debug/addresses";
import type { MappingBrief } from "../../../../shared/debug/mappingBrief";
import type { PageFlag, PageState } from "../../../../shared/pageStates";
import { rowIcons } from "../../../../shared/rowIcons";
import { visibleText } from "../../../../shared/text";
import { formatBytes, hexPage } from "../../../../shared/units";
import { permissionWords } from "../../permissionWords";

/** One thing that is known of an address. Texts hold names of the program, with control characters made visible. */
export interface AddressFact {
	/** Name of a codicon. */
	readonly icon: string;
	readonly text: string;
	/** Of lesser weight. */
	readonly detail: string;
}

/** What an address is, in a few words: `Heap + 0x2a0`, `malloc + 0x1a in libc.so.6`, `nothing is mapped there`. */
export function addressInShort(explanation: AddressExplanation): string {
	const { mapping, symbol, offset = 0, stackOf, section } = explanation;
	if (!mapping) return nothingThere(explanation);
	const module = mapping.module === undefined ? undefined : visibleText(mapping.module);
	if (symbol?.inside) {
		const name = visibleText(symbol.name) + (symbol.offset === 0 ? "" : ` + ${hex(symbol.offset)}`);
		return module === undefined ? name : `${name} in ${module}`;
	}
	if (stackOf) return `stack of ${threadName(stackOf)}`;
	const label = visibleText(mapping.label);
	const within = offset === 0 ? "" : ` + ${hex(offset)}`;
	return section === undefined || module === undefined ? label + within : `${visibleText(section)} of ${module}`;
}

function nothingThere({ below, above }: AddressExplanation): string {
	const near = below && (!above || below.distance <= above.distance) ? below : undefined;
	if (near) return `not mapped, ${amount(near.distance)} past the end of ${visibleText(near.mapping.label)}`;
	if (above) return `not mapped, ${amount(above.distance)} before ${visibleText(above.mapping.label)}`;
	return "not mapped";
}

/** All that is known of an address, the most telling first. */
export function addressFacts(explanation: AddressExplanation, pageSize: number): AddressFact[] {
	const { mapping, file } = explanation;
	if (!mapping) return gapFacts(explanation, pageSize);
	const { permissions } = mapping;
	return [
		{ icon: rowIcons[mapping.kind], text: headline(explanation), detail: placeDetail(explanation) },
		{
			icon: "symbol-array",
			text: `${visibleText(mapping.label)}, ${formatBytes((mapping.endPage - mapping.startPage) * pageSize)}`,
			detail: `${rangeText(mapping, pageSize)} ${permissions}`,
		},
		{ icon: permissions[1] === "w" ? "edit" : "lock", text: capitalised(permissionWords(permissions)), detail: "" },
		...(file
			? [{ icon: "file", text: `Byte ${hex(BigInt(`0x${file.offset}`))} of its file`, detail: visibleText(file.name) }]
			: []),
		...pageFacts(explanation),
	];
}

/** Section, symbol and thread, as far as the headline leaves them out. */
function placeDetail({ section, symbol, stackOf, mapping, offset = 0 }: AddressExplanation): string {
	const parts = [
		...(section === undefined ? [] : [visibleText(section)]),
		...(symbol && !symbol.inside ? [`after ${visibleText(symbol.name)}`] : []),
		...(stackOf || symbol?.inside ? [`${hex(offset)} into ${visibleText(mapping?.label ?? "it")}`] : []),
	];
	return parts.join(", ");
}

const stateTexts: Readonly<Record<PageState, string>> = {
	notPresent: "Its page has no memory yet",
	cached: "Its page is in the page cache, and not mapped yet",
	file: "Its page is one of the page cache",
	shmem: "Its page is shared memory",
	anonymous: "Its page is this process’s own memory",
	zero: "Its page is the shared zero page: read, and never written",
	swapped: "Its page is swapped out",
	guard: "Its page is a guard: any access is a SIGSEGV",
	unknown: "The kernel does not say what its page is",
};

const flagTexts: Partial<Readonly<Record<PageFlag, string>>> = {
	exclusive: "not shared with another process",
	huge: "part of a huge page",
	writeProtected: "write-protected",
	fileCached: "a private copy of a file’s page",
};

function pageFacts({ pageState, pageFlags }: AddressExplanation): AddressFact[] {
	if (pageState === undefined) return [];
	const flags = pageFlags?.flatMap((flag) => flagTexts[flag] ?? []) ?? [];
	return [{ icon: "layers", text: stateTexts[pageState], detail: flags.join(", ") }];
}

function gapFacts({ below, above }: AddressExplanation, pageSize: number): AddressFact[] {
	const neighbour = (icon: string, text: string, mapping: MappingBrief): AddressFact => ({
		icon,
		text: `${text} ${visibleText(mapping.label)}`,
		detail: `${rangeText(mapping, pageSize)} ${mapping.permissions}`,
	});
	return [
		{ icon: "circle-slash", text: "Nothing is mapped there", detail: "" },
		...(below ? [neighbour("arrow-down", `${amount(below.distance)} past the end of`, below.mapping)] : []),
		...(above ? [neighbour("arrow-up", `${amount(above.distance)} before the start of`, above.mapping)] : []),
	];
}

/** What a stack frame is in memory: its stack, with the depth used, and its code. */
export function frameFacts({ stack, stackPointer, code }: FrameExplanation): AddressFact[] {
	return [
		...(stack ? [{ icon: "list-flat", text: stackUseText(stack), detail: stackDetail(stackPointer) }] : []),
		...(stack || !stackPointer
			? []
			: [{ icon: "list-flat", text: headline(stackPointer), detail: stackDetail(stackPointer) }]),
		...(code ? [{ icon: "symbol-method", text: headline(code), detail: `0x${code.address}` }] : []),
	];
}

/** `Thread 13196 uses 12 KiB of 8 MiB of its stack (0.1 %)`. */
function stackUseText({ tid, used, limit }: StackUse): string {
	if (limit === undefined) return `Thread ${tid} uses ${formatBytes(used)} of its stack, which has no limit`;
	const share = (used / limit) * 100;
	const percent = share >= 10 ? Math.round(share) : Number(share.toPrecision(2));
	return `Thread ${tid} uses ${formatBytes(used)} of ${formatBytes(limit)} of its stack (${percent} %)`;
}

function stackDetail(pointer: AddressExplanation | undefined): string {
	return pointer ? `stack pointer 0x${pointer.address}` : "";
}

function threadName({ tid, name }: { readonly tid: number; readonly name: string }): string {
	const shown = visibleText(name).trim();
	return shown === "" ? `thread ${tid}` : `thread ${tid} (${shown})`;
}

function rangeText({ startPage, endPage }: MappingBrief, pageSize: number): string {
	return `${hexPage(startPage, pageSize)}–${hexPage(endPage, pageSize)}`;
}

/** `248 bytes`, `1 byte`, `4 KiB`. */
function amount(count: number): string {
	return count < 1024 ? `${count} byte${count === 1 ? "" : "s"}` : formatBytes(count);
}

function hex(value: number | bigint): string {
	return `0x${value.toString(16)}`;
}

/** {@link addressInShort} at the beginning of a line: names stay as they are. */
function headline(explanation: AddressExplanation): string {
	const text = addressInShort(explanation);
	return explanation.mapping === undefined || text.startsWith("stack of thread ") ? capitalised(text) : text;
}

function capitalised(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
