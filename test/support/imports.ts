/** One module that a source file names, in whatever way TypeScript lets it. */
export interface ImportedModule {
	/** As written; undefined when it is computed, so that nobody can tell. */
	readonly specifier: string | undefined;
	/** What is imported by name; `*` and `default` for a whole module. Empty for side effects and dynamic imports. */
	readonly names: readonly string[];
}

interface Token {
	readonly kind: "word" | "string" | "sign";
	readonly text: string;
}

/** Words after which a slash starts a regular expression and does not divide. */
const beforeExpression = new Set([
	"return",
	"typeof",
	"case",
	"in",
	"of",
	"delete",
	"void",
	"throw",
	"new",
	"else",
	"do",
]);

/**
 * Every module that TypeScript source names: `import`, `import type`, `export … from`, `import()`, `require()`,
 * `import()` types and reference comments. Reads tokens, so comments and strings that look like imports are none.
 */
export function findImports(source: string): ImportedModule[] {
	const tokens = tokenize(source);
	const found: ImportedModule[] = [];
	for (const [, path] of source.matchAll(/^\/\/\/\s*<reference\s+(?:path|types)\s*=\s*["']([^"']+)["']/gm)) {
		found.push({ specifier: path, names: [] });
	}
	for (const [at, token] of tokens.entries()) {
		if (token.kind !== "word" || tokens[at - 1]?.text === ".") continue;
		const next = tokens[at + 1];
		if (token.text === "from" && next?.kind === "string") {
			found.push({ specifier: next.text, names: namesBefore(tokens, at) });
		} else if (token.text === "import" && next?.kind === "string") {
			found.push({ specifier: next.text, names: [] });
		} else if (token.text === "import" && isSign(next, "(")) {
			found.push({ specifier: argumentAt(tokens, at + 2), names: [] });
		} else if (token.text === "require") {
			const call = isSign(next, ".") && tokens[at + 2]?.text === "resolve" ? at + 3 : at + 1;
			if (isSign(tokens[call], "(")) found.push({ specifier: argumentAt(tokens, call + 1), names: ["*"] });
		}
	}
	return found;
}

function argumentAt(tokens: readonly Token[], at: number): string | undefined {
	const token = tokens[at];
	const after = tokens[at + 1];
	return token?.kind === "string" && (isSign(after, ")") || isSign(after, ",")) ? token.text : undefined;
}

function isSign(token: Token | undefined, text: string): boolean {
	return token?.kind === "sign" && token.text === text;
}

/** Names between the `import` or `export` that `from` belongs to and itself, by their names in the other module. */
function namesBefore(tokens: readonly Token[], from: number): string[] {
	let start = from - 1;
	while (start >= 0 && !["import", "export"].includes(tokens[start]?.text ?? "")) start--;
	const names: string[] = [];
	let inBraces = false;
	for (const [offset, token] of tokens.slice(start + 1, from).entries()) {
		const before = tokens[start + offset];
		if (isSign(token, "{")) inBraces = true;
		else if (isSign(token, "}")) inBraces = false;
		else if (isSign(token, "*")) names.push("*");
		else if (token.kind === "word" && token.text !== "type" && token.text !== "as" && before?.text !== "as") {
			names.push(inBraces ? token.text : "default");
		}
	}
	return names;
}

/** Words, strings and signs; comments, templates with holes and regular expressions are left out, holes are read. */
function tokenize(source: string): Token[] {
	const tokens: Token[] = [];
	const braces: ("{" | "${")[] = [];
	let at = 0;
	const push = (kind: Token["kind"], text: string): void => {
		tokens.push({ kind, text });
	};
	/** Skips a template from `at` on, after its backtick or the end of a hole. */
	const template = (first: boolean): void => {
		const start = at;
		for (; at < source.length; at++) {
			if (source[at] === "\\") at++;
			else if (source[at] === "`") {
				push(first ? "string" : "sign", first ? source.slice(start, at) : "`");
				at++;
				return;
			} else if (source.startsWith("${", at)) {
				at += 2;
				braces.push("${");
				push("sign", "${");
				return;
			}
		}
	};
	while (at < source.length) {
		const rest = source[at] ?? "";
		if (/\s/.test(rest)) {
			at++;
		} else if (source.startsWith("//", at) || (at === 0 && source.startsWith("#!"))) {
			at = ends(source.indexOf("\n", at), source);
		} else if (source.startsWith("/*", at)) {
			at = ends(source.indexOf("*/", at + 2), source) + 2;
		} else if (rest === '"' || rest === "'") {
			const start = ++at;
			while (at < source.length && source[at] !== rest) at += source[at] === "\\" ? 2 : 1;
			push("string", source.slice(start, at++));
		} else if (rest === "`") {
			at++;
			template(true);
		} else if (rest === "}" && braces.pop() === "${") {
			at++;
			template(false);
		} else if (rest === "/" && startsExpression(tokens.at(-1))) {
			at = skipExpression(source, at);
			push("sign", "/");
		} else {
			const word = /^[\p{ID_Start}$_#][\p{ID_Continue}$]*|^[0-9][\w.]*/u.exec(source.slice(at, at + 256))?.[0];
			if (rest === "{") braces.push("{");
			push(word === undefined ? "sign" : "word", word ?? rest);
			at += (word ?? rest).length;
		}
	}
	return tokens;
}

function ends(at: number, source: string): number {
	return at < 0 ? source.length : at;
}

function startsExpression(before: Token | undefined): boolean {
	if (before === undefined) return true;
	if (before.kind === "word") return beforeExpression.has(before.text);
	return before.kind === "sign" && ![")", "]", "}", "`", "/"].includes(before.text);
}

function skipExpression(source: string, start: number): number {
	let inClass = false;
	for (let at = start + 1; at < source.length; at++) {
		const sign = source[at];
		if (sign === "\\") at++;
		else if (sign === "[") inClass = true;
		else if (sign === "]") inClass = false;
		else if (sign === "\n" || (sign === "/" && !inClass)) return at + 1;
	}
	return source.length;
}
