/**
 * What a demo of the lab is: plain data. The code of a step is C, in the small language of `extension/lab/language`; the
 * lab process interprets that very text, the panel shows it, and the exported program contains it. So what is shown, what
 * is run and what is exported cannot differ.
 */

/**
 * An integer: a number, or a C expression over the demo's variables, `page` (bytes of a page) and the constants of the
 * headers, e.g. `"p + 20 * page"`.
 */
export type Expression = string | number;

/** The process that every demo starts in: the lab process itself. Others are named by the variable `fork` returned to. */
export const mainProcess = "main";

/** A demo, from its first step to its last. All text is ours and safe to show, but shown as text all the same. */
export interface Demo {
	/** Lower-case words with hyphens; part of the exported API. */
	readonly id: string;
	/** Place in the programme, from 1. */
	readonly number: number;
	readonly title: string;
	/** What the reader knows afterwards, in one sentence. */
	readonly teaches: string;
	/** What the reader may choose before the first step. */
	readonly parameters?: readonly DemoParameter[];
	/** Bytes that the code may name, e.g. machine code. */
	readonly data?: readonly DemoData[];
	readonly steps: readonly DemoStep[];
}

/** A choice of the reader's. In the code it is a variable of this name: a string, or an integer. */
export type DemoParameter =
	| {
			readonly kind: "file";
			readonly name: string;
			readonly title: string;
			/** Without a choice, a scratch file with this content is made anew for every start of the demo. */
			readonly scratch: ScratchFile;
			/** The demo writes to the file: one of the reader's own is taken only after asking. */
			readonly written?: boolean;
	  }
	| { readonly kind: "text"; readonly name: string; readonly title: string; readonly initial: string }
	| {
			readonly kind: "number";
			readonly name: string;
			readonly title: string;
			readonly initial: Expression;
			/** The smallest and the largest value that makes sense; default: any integer. */
			readonly least?: number;
			readonly most?: number;
	  };

/** Content of a scratch file: `text` at its start, zeros up to `size` bytes (default: the text's own length). */
export interface ScratchFile {
	readonly text: string;
	readonly size?: Expression;
}

/** Values that the reader chose, by parameter name; a file by its absolute path. */
export type ParameterValues = Readonly<Record<string, string | number>>;

/** A constant array of bytes, which may differ by processor (Node's `process.arch`). */
export interface DemoData {
	readonly name: string;
	readonly bytes: Readonly<Record<"x64" | "arm64", readonly number[]>>;
	/** What the bytes are, e.g. the assembly they come from. */
	readonly comment: string;
}

/** One press of *Step*. */
export interface DemoStep {
	readonly title: string;
	/** C statements, one a line. */
	readonly code: string;
	/** Which process runs them: {@link mainProcess} (default), or the variable that `fork` returned to. */
	readonly process?: string;
	/** What to look at when it has run, a sentence. */
	readonly look: string;
	/** A table of what the step's statements have printed. */
	readonly table?: DemoTable;
	/** What should be seen; each is held against what the kernel says. */
	readonly expect: readonly Expectation[];
	/**
	 * Ways in which a kernel or a user's limits may refuse a call, the one whose result was assigned to `of`, or else the
	 * step's last: then the step's expectations do not apply, and the reason is shown instead.
	 */
	readonly mayFail?: readonly { readonly errno: string; readonly because: string; readonly of?: string }[];
	/**
	 * What is to be seen instead where the kernel may not map the shared zero page, as in guests of some virtual machines: there
	 * no page of the region `of` is in that state after the step.
	 */
	readonly withoutZeroPage?: {
		readonly of: string;
		readonly expect: readonly Expectation[];
		readonly because: string;
	};
	/**
	 * Nothing after it makes sense when its last call fails: a program would end here. The steps that follow are then not
	 * run, neither here nor in the exported program.
	 */
	readonly ends?: true;
	/** Why it is so: ours, correct and short. Paragraphs are separated by an empty line. */
	readonly why: string;
	/** Manual pages that say so: `mprotect(2)`. */
	readonly man: readonly string[];
	/**
	 * What the exported program may see otherwise, since it depends on chance or on the system: left out of its output and
	 * the report's lines. Present pages; numbers that calls return and variables become, with what `mincore` finds.
	 */
	readonly varies?: readonly ("present" | "values")[];
}

/** A table whose cells are what the statements of a step have printed, by their index: `cells[row][column]`. */
export interface DemoTable {
	readonly columns: readonly string[];
	readonly rows: readonly string[];
	readonly cells: readonly (readonly number[])[];
}

/** Whom an expectation is about: the mapping(s) of a region, in a process. */
export interface RegionSubject {
	/** Variable that holds the region's start, as assigned from `mmap` or `mremap`. */
	readonly of: string;
	/** Default: the process that ran the step. */
	readonly process?: string;
}

/** Equal permissions of some pages in a row; `"none"` where nothing is mapped. */
export interface ExpectedPermissions {
	readonly permissions: string;
	readonly pages: Expression;
}

/** A text that is known, that the reader chose (a parameter), or that a parameter's file starts with. */
export type ExpectedText = string | { readonly parameter: string } | { readonly file: string };

/** Something that a step should make true, checked by the driver against the kernel's answer. */
export type Expectation = (
	| {
			/** The last call returned this integer, or address. */
			readonly kind: "returns";
			readonly value: Expression;
	  }
	/** The last call did not fail (an address, a descriptor, a pid, 0). */
	| { readonly kind: "succeeds" }
	/** A call failed with this errno: the one whose result was assigned to `of`, or else the last. */
	| { readonly kind: "fails"; readonly errno: string; readonly of?: string }
	/** The step's process was killed; `code` and `address` are checked where the kernel said them. */
	| { readonly kind: "killed"; readonly signal: string; readonly code?: string; readonly address?: Expression }
	/** Permissions along the region, in address order; a text is for all of it. */
	| ({ readonly kind: "permissions"; readonly are: string | readonly ExpectedPermissions[] } & RegionSubject)
	/** Lines of `maps` that overlap the region. */
	| ({ readonly kind: "mappings"; readonly count: number } & RegionSubject)
	/** Pages of the region that the process's page table maps (the zero page included); `least`: these, or more. */
	| ({ readonly kind: "present"; readonly pages: Expression; readonly least?: true } & RegionSubject)
	/** Pages of the region that this process alone maps. */
	| ({ readonly kind: "exclusive"; readonly pages: Expression } & RegionSubject)
	/** Bytes of a field of `smaps`, by the kernel's name, summed over the region's mappings. */
	| ({ readonly kind: "smaps"; readonly field: string; readonly bytes: Expression } & RegionSubject)
	/** A two-letter VmFlag of the region's first mapping. */
	| ({ readonly kind: "flag"; readonly flag: string; readonly set: boolean } & RegionSubject)
	/** A variable that was read through a mapping, or any other integer. */
	| { readonly kind: "value"; readonly of: string; readonly is: Expression }
	/** What the step printed; of a file, the first 256 bytes. */
	| { readonly kind: "prints"; readonly text: ExpectedText }
	/** Pages that the step's last `mincore` found in memory; `least`: these, or more. */
	| { readonly kind: "inCore"; readonly pages: Expression; readonly least?: true }
	/** How the file of a parameter starts, as another program reads it from disk. */
	| { readonly kind: "file"; readonly of: string; readonly starts: ExpectedText }
	/** The file of a parameter is as it was before the step: size and first bytes. */
	| { readonly kind: "unchanged"; readonly of: string }
	/** A forked process runs, has become another program, or has ended. */
	| { readonly kind: "process"; readonly of: string; readonly is: "alive" | "executed" | "ended" }
) & {
	/** Holds only where this is not 0, e.g. `"n <= length"`. */
	readonly when?: Expression;
	/** Holds for this kind of user only: with or without the privilege that root has. */
	readonly only?: "root" | "user";
};

/** A demo of the list, before it is opened. */
export interface DemoSummary {
	readonly id: string;
	readonly title: string;
	readonly teaches: string;
}
