import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

/**
 * Starts programs on behalf of a process that is measured. Whoever forks has his memory made copy-on-write, so that each page
 * he writes to next is a page fault: where these are dear (16 µs in one virtual machine), that was half of what was measured.
 */

interface Order {
	readonly program: string;
	readonly words: readonly string[];
}

type Answer = { readonly printed: string } | { readonly failed: string };

let runner: ChildProcess | undefined;

/** What a program prints, run by a process that does nothing else; one at a time. Rejects when the program fails. */
export async function runElsewhere(program: string, words: readonly string[]): Promise<string> {
	runner ??= fork(__filename, ["--runner"]);
	runner.ref();
	const answer = once(runner, "message");
	runner.send({ program, words } satisfies Order);
	const [message] = (await answer) as [Answer];
	// It ends with this process, which need not wait for it.
	runner.unref();
	runner.channel?.unref();
	if ("failed" in message) throw new Error(`${program}: ${message.failed}`);
	return message.printed;
}

/** The runner's own loop: it ends when the process that it runs programs for has ended. */
export async function serveAsRunner(): Promise<void> {
	const run = promisify(execFile);
	process.on("message", ({ program, words }: Order) => {
		void run(program, words).then(
			({ stdout }) => process.send?.({ printed: stdout } satisfies Answer),
			(error: unknown) => process.send?.({ failed: String(error) } satisfies Answer),
		);
	});
	await once(process, "disconnect");
}
