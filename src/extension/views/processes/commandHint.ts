const interpreters = /^(node|nodejs|python[\d.]*|ruby|perl|php|bash|sh|dash|zsh|fish|deno|bun|java|lua[\d.]*)$/;
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
 * One word that tells processes of the same name apart, from the command line: the script an interpreter runs
 * (`server.js`), the role of a Chromium process (`renderer`, `NetworkService`); "" when there is none. Hostile text.
 */
export function commandHint(commandLine: readonly string[]): string {
	return chromiumRole(commandLine.join(" ")) ?? script(commandLine) ?? "";
}

/** Chromium writes its command line over as one string, so words are looked for in the joined text. */
function chromiumRole(text: string): string | undefined {
	const type = /(?:^|\s)--type=([\w-]+)/.exec(text)?.[1];
	if (type !== "utility") return type;
	return /\s--utility-sub-type=[\w.]*?(\w+)(?:\s|$)/.exec(text)?.[1] ?? type;
}

function script([program = "", ...parameters]: readonly string[]): string | undefined {
	if (!interpreters.test(baseName(program).replace(/^-/, ""))) return undefined;
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
	return path === undefined ? undefined : baseName(path).slice(0, 40) || undefined;
}

function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
