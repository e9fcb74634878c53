import type { FaultCause, FaultExplanation, FaultPlace } from "../../../../shared/debug/faults";
import type { MappingBrief } from "../../../../shared/debug/mappingBrief";
import type { DrawingPart, FaultCard, FaultDrawing, Phrase } from "../../../../shared/debug/stopLayer";
import { visibleText } from "../../../../shared/text";
import { addressToPage, formatBytes, formatCount } from "../../../../shared/units";

/** The sentence about a fault for places that have no room for a card: `0x7f… is in the guard below …: stack overflow.` */
export function faultSentence(fault: FaultExplanation): string {
	const where = fault.address === undefined ? "The address" : `0x${fault.address}`;
	return `${where} ${causeInShort(fault.cause)}.`;
}

/** What an address that a program may not use is, after the address. */
function causeInShort(cause: FaultCause): string {
	switch (cause.kind) {
		case "nullPointer":
			return cause.offset === 0 ? "is a null pointer" : `is ${amount(cause.offset)} past a null pointer`;
		case "threadStackOverflow":
			return `is in the guard below the stack of ${threadName(cause.tid, cause.name)}: stack overflow`;
		case "mainStackOverflow":
			return "is below the main thread’s stack, which may not grow further: stack overflow";
		case "readOnly":
			return `is in ${placeName(cause.place, cause.mapping)}, which may not be written to`;
		case "noAccess":
			return `is in ${mappingName(cause.mapping)}, which may not be accessed at all`;
		case "noRead":
			return `is in ${mappingName(cause.mapping)}, which may not be read`;
		case "notExecutable":
			return `is in ${mappingName(cause.mapping)}, which is no code`;
		case "guardPage":
			return `is a guard page of ${mappingName(cause.mapping)}`;
		case "unmapped":
			return `is not mapped${neighbour(cause)}`;
		case "nonCanonical":
			return "is no address that the processor knows";
		case "beyondEndOfFile":
			return `is beyond the end of ${mappingName(cause.mapping)}`;
		case "noHugePage":
			return `is in ${mappingName(cause.mapping)}, for which no huge page was free`;
		case "unknown":
			return cause.mapping ? `is in ${mappingName(cause.mapping)}` : "is not known";
	}
}

/** `, 16 bytes past the end of the heap`: the neighbour that is nearer. */
function neighbour({ below, above }: Extract<FaultCause, { kind: "unmapped" }>): string {
	if (below && (above === undefined || below.distance <= above.distance)) {
		return `, ${amount(below.distance)} past the end of ${mappingName(below.mapping)}`;
	}
	return above ? `, ${amount(above.distance)} before the start of ${mappingName(above.mapping)}` : "";
}

const verbs: Readonly<Record<FaultExplanation["access"], string>> = {
	read: "read from",
	write: "write to",
	execute: "jump to",
	unknown: "access to",
};

/** The card that explains a fault: what, where, in whose memory, how far off, and a drawing to the point. */
export function faultCard(
	fault: FaultExplanation,
	{ place, recursion }: { readonly place?: string | undefined; readonly recursion?: string | undefined },
	pageSize: number,
): FaultCard {
	const { cause } = fault;
	const drawing = faultDrawing(fault, pageSize);
	const lesson = lessonOf(cause);
	const hasMapping = fault.address !== undefined && cause.kind !== "nullPointer" && cause.kind !== "nonCanonical";
	return {
		title: titleOf(fault),
		text: [
			...opening(fault),
			...explanation(cause),
			...(recursion === undefined
				? []
				: [{ text: " " }, { text: visibleText(recursion), style: "code" } as const, { text: " calls itself." }]),
		],
		...(drawing ? { drawing } : {}),
		links: [
			...(hasMapping ? [{ link: "map", label: "Show in Memory Map" } as const] : []),
			...(place === undefined ? [] : [{ link: "source", label: `Go to ${place}` } as const]),
			...(recursion === undefined ? [] : [{ link: "recursion", label: "Go to where the recursion began" } as const]),
			...(lesson ? [{ link: "explain", label: lesson.question } as const] : []),
		],
		...(lesson ? { lesson: lesson.answer } : {}),
	};
}

function titleOf({ cause, thread, signal }: FaultExplanation): string {
	switch (cause.kind) {
		case "nullPointer":
			return "Null pointer";
		case "threadStackOverflow":
			return `Stack overflow in ${threadName(cause.tid, cause.name)}`;
		case "mainStackOverflow":
			return "Stack overflow in the main thread";
		case "readOnly":
			return "Write to read-only memory";
		case "noAccess":
			return "Memory without access";
		case "noRead":
			return "Memory that may not be read";
		case "notExecutable":
			return "Jump to what is no code";
		case "guardPage":
			return "Guard page";
		case "unmapped":
			return "Nothing is mapped there";
		case "nonCanonical":
			return "Not an address";
		case "beyondEndOfFile":
			return cause.truncated ? "The file was cut off" : "Beyond the end of the file";
		case "noHugePage":
			return "No huge page was free";
		case "unknown":
			return thread ? `${signal} in ${threadName(thread.tid, thread.name)}` : signal;
	}
}

/** `The write to 0x7f… by thread 13196 (SIGSEGV) `; what follows tells where that is. */
function opening({ address, access, thread, signal, cause }: FaultExplanation): Phrase[] {
	// The title names the thread already.
	const by = thread && cause.kind !== "threadStackOverflow" ? ` by ${threadName(thread.tid, thread.name)}` : "";
	const what: Phrase[] =
		address === undefined
			? [{ text: "An access whose address nobody tells" }]
			: [{ text: `The ${verbs[access]} ` }, { text: `0x${address}`, style: "code" }];
	return [...what, { text: `${by} (${signal}) ` }];
}

function explanation(cause: FaultCause): Phrase[] {
	const strong = (text: string): Phrase => ({ text, style: "strong" });
	const plain = (text: string): Phrase => ({ text });
	switch (cause.kind) {
		case "nullPointer":
			return cause.offset === 0
				? [plain("went through a "), strong("null pointer"), plain(".")]
				: [
						plain("went through a "),
						strong("null pointer"),
						plain(`: to a member or element ${amount(cause.offset)} into what it would point to.`),
					];
		case "threadStackOverflow":
			return [
				plain("hit the "),
				strong("guard"),
				plain(` below this thread’s stack, ${amount(cause.distance)} below its lowest byte. `),
				plain(
					cause.stack ? "The stack is full, and a thread’s stack does not grow." : "A thread’s stack does not grow.",
				),
			];
		case "mainStackOverflow":
			return [
				plain(`lies ${amount(cause.distance)} below the `),
				strong("stack of the main thread"),
				plain(`, which is ${formatBytes(cause.size)} large`),
				plain(cause.limit === undefined ? " and may not grow further." : `; ${formatBytes(cause.limit)} are the limit (ulimit -s).`), // biome-ignore format: one sentence
			];
		case "readOnly":
			return [
				plain("hit "),
				strong("memory without write access"),
				plain(`: ${placeName(cause.place, cause.mapping)}, mapped ${cause.mapping.permissions}.`),
			];
		case "noAccess":
			return [
				plain("hit memory "),
				strong("without any access"),
				plain(`: ${mappingName(cause.mapping)}, mapped ${cause.mapping.permissions}.`),
			];
		case "noRead":
			return [
				plain("hit memory that "),
				strong("may not be read"),
				plain(`: ${mappingName(cause.mapping)}, mapped ${cause.mapping.permissions}.`),
			];
		case "notExecutable":
			return [
				plain("was to run "),
				strong("what is no code"),
				plain(`: ${mappingName(cause.mapping)}, mapped ${cause.mapping.permissions}.`),
			];
		case "guardPage":
			return [plain("hit a "), strong("guard page"), plain(` in ${mappingName(cause.mapping)}.`)];
		case "unmapped":
			return [plain("hit nothing: "), strong("nothing is mapped"), plain(` there${neighbour(cause)}.`)];
		case "nonCanonical":
			return [
				plain("used a value that is "),
				strong("no address"),
				plain(": its upper bits are neither all 0 nor all 1, as in memory that was overwritten or never set."),
			];
		case "beyondEndOfFile":
			return beyondEnd(cause);
		case "noHugePage":
			return [
				plain(`needed a huge page for ${mappingName(cause.mapping)}, and `),
				strong("none was free"),
				plain(hugePages(cause)),
			];
		case "unknown":
			return cause.mapping
				? [
						plain(
							`lies in ${mappingName(cause.mapping)}, which allows it: the reason is not to be seen in its mapping.`,
						),
					]
				: [plain("could not be looked up.")];
	}
}

function beyondEnd(cause: Extract<FaultCause, { kind: "beyondEndOfFile" }>): Phrase[] {
	const { mapping, fileSize, offset, truncated } = cause;
	const size = fileSize === undefined ? "" : `, which has ${bytes(fileSize)}`;
	return [
		{ text: "needed byte " },
		{ text: `${formatCount(offset)} of ${mappingName(mapping)}`, style: "strong" },
		{ text: `${size}: a page that the file does not reach cannot be read or written.` },
		...(truncated ? [{ text: " It was there at an earlier stop: somebody has cut the file off since." }] : []),
	];
}

function hugePages({ hugePageSize, free }: Extract<FaultCause, { kind: "noHugePage" }>): string {
	const size = hugePageSize === undefined ? "" : ` of ${formatBytes(hugePageSize)}`;
	return free === undefined ? ` in the pool${size}.` : ` in the pool${size}; now ${formatCount(free)} are.`;
}

/** What somebody may want to know who meets this for the first time. */
function lessonOf(cause: FaultCause): { readonly question: string; readonly answer: string } | undefined {
	switch (cause.kind) {
		case "threadStackOverflow":
			return {
				question: "What is a guard page?",
				answer:
					"A page without any access. The C library puts one below the stack of each thread, so that a stack that overflows stops the program at once instead of writing over other memory. Its size is set by pthread_attr_setguardsize(3), that of the stack by pthread_attr_setstacksize(3).",
			};
		case "guardPage":
			return {
				question: "What is a guard page?",
				answer: "A page that stops the program when it is touched. madvise(2) with MADV_GUARD_INSTALL makes one inside a mapping; /proc/PID/maps does not show it.", // biome-ignore format: one sentence
			};
		case "mainStackOverflow":
			return {
				question: "How large may it grow?",
				answer:
					"The kernel makes the main thread’s stack larger when it is touched below its end, up to RLIMIT_STACK (ulimit -s), and keeps 1 MiB of addresses free below it.",
			};
		case "readOnly":
			return {
				question: "Why is it read-only?",
				answer:
					"Code and constants of programs and libraries are mapped without write access, and so are tables that the dynamic linker has filled in (RELRO). String literals in C are such constants.",
			};
		case "beyondEndOfFile":
			return {
				question: "Why is that a SIGBUS?",
				answer:
					"A mapping may be larger than its file. The rest of the file’s last page reads as zeros; pages beyond it have nothing behind them, and the kernel sends SIGBUS. See mmap(2).",
			};
		default:
			return undefined;
	}
}

/** What is drawn: the mapping or the gap with the address, between its neighbours. */
function faultDrawing({ cause, address }: FaultExplanation, pageSize: number): FaultDrawing | undefined {
	const mark = address === undefined ? "" : `0x${address}`;
	const strip = (mapping: MappingBrief): DrawingPart => ({
		kind: "mapping",
		startPage: mapping.startPage,
		endPage: mapping.endPage,
	});
	switch (cause.kind) {
		case "threadStackOverflow":
			return {
				parts: [{ kind: "guard" }, ...(cause.stack ? [strip(cause.stack)] : [])],
				marker: { part: 0, at: 0.7, text: `${mark}, ${amount(cause.distance)} below the stack` },
				caption: `guard, then the stack of ${threadName(cause.tid, cause.name)}, growing down to the left`,
			};
		case "mainStackOverflow":
			return {
				parts: [{ kind: "gap", text: "free" }, strip(cause.stack)],
				marker: { part: 0, at: 0.7, text: `${mark}, ${amount(cause.distance)} below the stack` },
				caption: "kept free, then the main thread’s stack, growing down to the left",
			};
		case "unmapped":
			return unmappedDrawing(cause, mark, strip);
		case "readOnly":
		case "noAccess":
		case "noRead":
		case "notExecutable":
		case "guardPage":
		case "beyondEndOfFile":
			return {
				parts: [strip(cause.mapping)],
				marker: {
					part: 0,
					at: 0.5,
					...(address === undefined ? {} : { page: addressToPage(BigInt(`0x${address}`), pageSize) }),
					text: mark,
				},
				caption: `${mappingName(cause.mapping)}, ${cause.mapping.permissions}`,
			};
		default:
			return undefined;
	}
}

function unmappedDrawing(
	{ below, above }: Extract<FaultCause, { kind: "unmapped" }>,
	mark: string,
	strip: (mapping: MappingBrief) => DrawingPart,
): FaultDrawing | undefined {
	if (!below && !above) return undefined;
	const gap = (below?.distance ?? 0) + (above?.distance ?? 0);
	const parts: DrawingPart[] = [
		...(below ? [strip(below.mapping)] : []),
		{ kind: "gap", text: below && above ? formatBytes(gap) : "free" },
		...(above ? [strip(above.mapping)] : []),
	];
	const near = below && (!above || below.distance <= above.distance);
	const names = [below && mappingName(below.mapping), "nothing", above && mappingName(above.mapping)];
	return {
		parts,
		marker: { part: below ? 1 : 0, at: near ? 0.15 : 0.85, text: mark },
		caption: names.filter((name) => name !== undefined).join(", then "),
	};
}

/** `thread 13196`, with its name where it has one of its own. */
function threadName(tid: number, name: string): string {
	const shown = visibleText(name).trim();
	return shown === "" ? `thread ${tid}` : `thread ${tid} (${shown})`;
}

/** What a mapping is called in a sentence. */
export function mappingName({ label, module, name }: MappingBrief): string {
	const shown = visibleText(label);
	if (module !== undefined && label.startsWith(`${module} · `)) {
		return `${lowered(visibleText(label.slice(module.length + 3)))} of ${visibleText(module)}`;
	}
	if (name.startsWith("/")) return visibleText(name.slice(name.lastIndexOf("/") + 1));
	return lowered(shown);
}

/** `Read-only data` becomes `read-only data`; names and abbreviations stay. */
function lowered(label: string): string {
	return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function placeName(place: FaultPlace | undefined, mapping: MappingBrief): string {
	const module = place?.module ?? mapping.module;
	const symbol = place?.symbol === undefined ? undefined : visibleText(place.symbol);
	const section = place?.section === undefined ? undefined : visibleText(place.section);
	if (module === undefined) return symbol ?? mappingName(mapping);
	const of = visibleText(module);
	if (symbol !== undefined) return `${symbol} in ${section === undefined ? of : `${section} of ${of}`}`;
	return section === undefined ? mappingName(mapping) : `${section} of ${of}`;
}

/** `248 bytes`, `1 byte`, `4 KiB`. */
function amount(count: number): string {
	return count < 1024 ? bytes(count) : formatBytes(count);
}

function bytes(count: number): string {
	return count === 1 ? "1 byte" : `${formatCount(count)} bytes`;
}
