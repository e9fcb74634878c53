import { MapscopeError } from "../../../shared/errors";
import type { Demo, ParameterValues } from "../../../shared/labDemo";
import type { LabPanelState, StripRoom } from "../../../shared/labPanel";
import { isWithin } from "../../../shared/labParameters";
import { withPlainBlanks } from "../../lab/language/tokens";

/**
 * Arguments that come from the Lab's webview. Whatever wrote them, the host acts on nothing but what these functions let
 * through; each returns its argument narrowed, or throws `bug`.
 */

const limits = { code: 20_000, text: 10_000, columns: 16_384, page: 2 ** 52, name: 64 };
const manualPage = /^([a-z][a-z0-9_]{0,60})\(([1-9])\)$/;
const variable = /^[A-Za-z_]\w*$/;

/** Index of a step out of `steps`, or -1 where `none` is one, too. */
export function stepIndex(value: unknown, steps: number, none = false): number {
	const least = none ? -1 : 0;
	const valid = typeof value === "number" && Number.isInteger(value) && value >= least && value < steps;
	return valid ? value : refuse("step");
}

/** A variable of the demo, or the name of a process: an identifier of C. */
export function variableName(value: unknown, what = "name"): string {
	return typeof value === "string" && value.length <= limits.name && variable.test(value) ? value : refuse(what);
}

/** Statements for the playground. */
export function codeArgument(value: unknown): string {
	return withPlainBlanks(text(value, limits.code, "code"));
}

/** The name of a demo's parameter that is a file. */
export function fileParameter(
	value: unknown,
	demo: Demo,
): Extract<Demo["parameters"], readonly unknown[]>[number] & { kind: "file" } {
	const found = demo.parameters?.find(({ name }) => name === value);
	return found?.kind === "file" ? found : refuse("file parameter");
}

/**
 * What the reader typed, by parameter. Files are left out: their paths are picked in VS Code's own dialog and never come
 * from a webview.
 */
export function typedParameters(value: unknown, demo: Demo): ParameterValues {
	if (typeof value !== "object" || value === null) return refuse("parameters");
	const given = value as Readonly<Record<string, unknown>>;
	const typed: Record<string, string | number> = {};
	for (const parameter of demo.parameters ?? []) {
		const { kind, name } = parameter;
		const entry = given[name];
		if (kind === "file" || entry === undefined) continue;
		if (kind === "text") typed[name] = text(entry, limits.text, `text ${name}`);
		// One that equals the demo's own is not worked out yet.
		else if (entry !== parameter.initial) typed[name] = isWithin(parameter, entry) ? entry : refuse(`number ${name}`);
	}
	return typed;
}

/** A page number and the room for strips. */
export function placeArgument(page: unknown, room: unknown): { readonly page: number; readonly room: StripRoom } {
	const count = (value: unknown, most: number, what: string) =>
		typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most ? value : refuse(what);
	const { stripColumns, stripCells } = (typeof room === "object" && room !== null ? room : {}) as Record<
		string,
		unknown
	>;
	return {
		page: count(page, limits.page, "page"),
		room: {
			stripColumns: count(stripColumns, limits.columns, "columns"),
			stripCells: count(stripCells, limits.columns, "cells"),
		},
	};
}

/** A width in CSS pixels. */
export function pixels(value: unknown): number {
	const valid = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= limits.columns;
	return valid ? value : refuse("width");
}

/** A manual page as `mprotect(2)`: its address on the web. */
export function manualAddress(value: unknown): string {
	const [, name, section] = (typeof value === "string" ? manualPage.exec(value) : undefined) ?? [];
	if (name === undefined || section === undefined) return refuse("manual page");
	return `https://man7.org/linux/man-pages/man${section}/${name}.${section}.html`;
}

/** What VS Code kept for a Lab tab over a reload; `undefined` when it is not ours. */
export function labPanelState(value: unknown): LabPanelState | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const { demo } = value as Record<string, unknown>;
	return typeof demo === "string" && /^[a-z][a-z0-9-]{0,60}$/.test(demo) ? { demo } : undefined;
}

function text(value: unknown, longest: number, what: string): string {
	const valid = typeof value === "string" && value.length <= longest && !value.includes("\0");
	return valid ? value : refuse(what);
}

function refuse(what: string): never {
	throw new MapscopeError({ code: "bug", detail: `the webview sent no proper ${what}` });
}
