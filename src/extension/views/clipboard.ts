import { env } from "vscode";
import { visibleText } from "../../shared/text";

/**
 * Puts lines into the clipboard. Names in them come from other processes: their control, bidirectional and invisible
 * characters are written as on the screen, since pasted into a terminal they would act. Everything but C goes through here.
 */
export async function copyLines(...lines: readonly string[]): Promise<void> {
	await env.clipboard.writeText(lines.map(visibleText).join("\n"));
}

/** Puts C into the clipboard, as `exportC` and `stepAsC` write it: with escapes of C for what would be invisible. */
export async function copySource(source: string): Promise<void> {
	await env.clipboard.writeText(source);
}
