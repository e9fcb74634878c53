import { commands } from "vscode";
import type { contextKeys, demoDoneKey } from "../contributions";

/** Sets a context key for `when` clauses. */
export async function setContextKey(
	key: (typeof contextKeys)[keyof typeof contextKeys] | ReturnType<typeof demoDoneKey>,
	value: boolean,
): Promise<void> {
	await commands.executeCommand("setContext", key, value);
}
