import assert from "node:assert/strict";
import { extensions } from "vscode";
import type { MapscopeApi } from "../../src/extension/api";

/** The extension's exported API, as any other extension gets it. */
export async function activate(): Promise<MapscopeApi> {
	const extension = extensions.getExtension<MapscopeApi>("mapscope.mapscope");
	assert.ok(extension, "the extension is not installed");
	return await extension.activate();
}
