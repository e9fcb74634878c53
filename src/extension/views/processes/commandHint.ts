import type { ProcessSummary } from "../../memory/model";

const interpreters = /^(node|nodejs|python[\d.]*|ruby|perl|php|bash|sh|dash|zsh|fish|deno|bun|java|lua[\d.]*)$/;
const longestWord = 40;
/** Options of interpreters whose next argument is their value and not the program. */
const valueOptions = new Set([
	"-r",
	"--require",
	"--import",
	"--loader",
	"-cp",
	"-classpath",
	"--class-path",
	"-W",
	"-X",
]);

/**
 * What tells processes of the same name apart, from the command line: the script an interpreter runs (`server.js`), the
 * role of a Chromium process (`renderer`, `NetworkService`), and the program where the process calls itself otherwise
 * (`node` for Node's `MainThread`); "" when there is nothing to add. Hostile text.
 */
export function commandHint({ name, commandLine }: Pick<ProcessSummary, "name" | "commandLine">): string {
	const words = [
		// The kernel keeps 15 bytes of a name, so a program that begins with it is the same.
		...[programName(commandLine)].filter((program) => !program.startsWith(name)),
		...[chromiumRole(commandLine.join(" ")) ?? script(commandLine) ?? ""].filter((word) => word !== name),
	];
	return words.filter(Boolean).join(" ");
}

/** Base name of the first word; a login shell's begins with a dash, and a title may follow after a space. */
function programName([first = ""]: readonly string[]): string {
	const [path = ""] = first.split(" ", 1);
	return baseName(path).replace(/^-/, "").slice(0, longestWord);
}

/** Chromium writes its command line over as one string, so words are looked for in the joined text. */
function chromiumRole(text: string): string | undefined {
	const type = /(?:^|\s)--type=([\w-]+)/.exec(text)?.[1];
	if (type !== "utility") return type;
	return /\s--utility-sub-type=[\w.]*?(\w+)(?:\s|$)/.exec(text)?.[1] ?? type;
}

function script(commandLine: readonly string[]): string | undefined {
	if (!interpreters.test(programName(commandLine))) return undefined;
	const parameters = commandLine.slice(1);
	for (let index = 0; index < parameters.length; index++) {
		const parameter = parameters[index] ?? "";
		if (parameter === "-jar" || parameter === "-m") return shortened(parameters[index + 1]);
		if (["-c", "-e", "-p", "--eval", "--print", "-"].includes(parameter)) return undefined;
		if (valueOptions.has(parameter)) index++;
		else if (!parameter.startsWith("-")) return shortened(parameter);
	}
	return undefined;
}

function shortened(path: string | undefined): string | undefined {
	// A script that came through a pipe has a number for a name.
	if (path === undefined || path.startsWith("/dev/fd/")) return undefined;
	return baseName(path).slice(0, longestWord) || undefined;
}

function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
