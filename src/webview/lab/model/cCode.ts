/** What a piece of C is, as far as its colour goes. */
export type CodeKind = "plain" | "function" | "constant" | "keyword" | "number" | "text" | "comment";

/** Some characters of C in one colour. */
export interface CodePiece {
	readonly text: string;
	readonly kind: CodeKind;
}

const keywords: ReadonlySet<string> = new Set("if else for int char void sizeof struct long unsigned".split(" "));

const word =
	/(\/\*[\s\S]*?\*\/|\/\/[^\n]*)|("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)|(\b(?:0[xX][\da-fA-F]+|\d+)[uUlL]*\b)|([A-Za-z_]\w*)(?=(\s*\()?)/g;

/** C in pieces of one colour each; together they are the text, whatever it is. */
export function colourCode(source: string): CodePiece[] {
	const pieces: CodePiece[] = [];
	let end = 0;
	const plain = (to: number) => {
		if (to > end) pieces.push({ text: source.slice(end, to), kind: "plain" });
	};
	for (const match of source.matchAll(word)) {
		const [text, comment, literal, number, name, call] = match;
		const kind = kindOf(comment, literal, number, name, call !== undefined);
		if (kind === "plain") continue;
		plain(match.index);
		pieces.push({ text, kind });
		end = match.index + text.length;
	}
	plain(source.length);
	return pieces;
}

function kindOf(
	comment: string | undefined,
	literal: string | undefined,
	number: string | undefined,
	name: string | undefined,
	called: boolean,
): CodeKind {
	if (comment !== undefined) return "comment";
	if (literal !== undefined) return "text";
	if (number !== undefined) return "number";
	if (name === undefined) return "plain";
	if (keywords.has(name)) return "keyword";
	if (called) return "function";
	return /^[A-Z][A-Z0-9_]+$/.test(name) ? "constant" : "plain";
}

/** Name of the function that a statement calls, `mmap` of `p = mmap(…);`; undefined when it calls none. */
export function calledFunction(statement: string): string | undefined {
	return colourCode(statement).find(({ kind }) => kind === "function")?.text;
}
