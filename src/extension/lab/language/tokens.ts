import { LabSyntaxError } from "./syntax";

/** A word of C, with its place in the text. */
export type Token = { readonly start: number; readonly end: number } & (
	| { readonly kind: "name"; readonly text: string }
	| { readonly kind: "integer"; readonly value: bigint }
	| { readonly kind: "text"; readonly bytes: Uint8Array }
	| { readonly kind: "mark"; readonly text: string }
	| { readonly kind: "end" }
);

const blank = /(?:[ \t\n]+|\/\*[\s\S]*?\*\/|\/\/[^\n]*)+/y;
/** A member of a structure counts as part of its name: `st.st_size`. */
const name = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?/y;
const integer = /(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)[uU]?[lL]{0,2}(?![\w.])/y;
const text = /"((?:[^"\\\n]|\\.)*)"/y;
const character = /'((?:[^'\\\n]|\\x[0-9a-fA-F]+|\\[0-7]{1,3}|\\.))'/y;
const mark = /<<|>>|<=|>=|==|!=|\+\+|\+=|[-+*/%&|^~()[\]{},;=<>]/y;

/**
 * Typed or pasted code with plain blanks and line ends between its words. Web pages and editors use others, such as no-break
 * spaces, which a C compiler rejects. Text in quotes stays as it is.
 */
export function withPlainBlanks(source: string): string {
	const quotedOrBlank = /("(?:[^"\\\n]|\\.)*")|(\r\n?|[\u2028\u2029])|[^\S\n\t]/g;
	return source.replaceAll(quotedOrBlank, (_, quoted?: string, end?: string) => quoted ?? (end ? "\n" : " "));
}

/** Splits C into words; comments and white space fall away. Throws {@link LabSyntaxError}. */
export function tokenize(source: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	const take = (pattern: RegExp): RegExpExecArray | undefined => {
		pattern.lastIndex = at;
		const match = pattern.exec(source);
		if (match) at = pattern.lastIndex;
		return match ?? undefined;
	};
	for (;;) {
		take(blank);
		const start = at;
		if (at === source.length) {
			tokens.push({ kind: "end", start, end: at });
			return tokens;
		}
		let match = take(name);
		if (match) {
			tokens.push({ kind: "name", text: match[0], start, end: at });
			continue;
		}
		match = take(integer);
		if (match) {
			tokens.push({ kind: "integer", value: integerValue(match[1] ?? ""), start, end: at });
			continue;
		}
		match = take(text);
		if (match) {
			tokens.push({ kind: "text", bytes: unescapeText(match[1] ?? ""), start, end: at });
			continue;
		}
		match = take(character);
		if (match) {
			const bytes = unescapeText(match[1] ?? "");
			if (bytes.length !== 1) throw new LabSyntaxError(`${match[0]} is more than one byte`);
			tokens.push({ kind: "integer", value: BigInt(bytes[0] ?? 0), start, end: at });
			continue;
		}
		match = take(mark);
		if (!match) throw new LabSyntaxError(`"${source[at]}" is not understood`);
		tokens.push({ kind: "mark", text: match[0], start, end: at });
	}
}

/** C's notation: hexadecimal, octal with a leading 0, else decimal. */
function integerValue(digits: string): bigint {
	return BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

const escapes: Readonly<Record<string, number>> = {
	n: 10,
	t: 9,
	r: 13,
	a: 7,
	b: 8,
	f: 12,
	v: 11,
	"\\": 92,
	"'": 39,
	'"': 34,
};

/** The bytes of a literal: UTF-8, with C's escapes worked out. */
function unescapeText(source: string): Uint8Array {
	const bytes: number[] = [];
	const parts = source.matchAll(/\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})|\\(.)|([^\\]+)/gsu);
	for (const [, hex, octal, letter, plain] of parts) {
		if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
		else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
		else if (plain !== undefined) bytes.push(...Buffer.from(plain));
		else {
			const value = escapes[letter ?? ""];
			if (value === undefined) throw new LabSyntaxError(`\\${letter} is no escape`);
			bytes.push(value);
		}
	}
	return Uint8Array.from(bytes);
}
