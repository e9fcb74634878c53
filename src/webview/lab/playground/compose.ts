import type { FormCall, FormField } from "./calls";

/** What the reader chose, by field; flags as the names that are on. `result` is the variable. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/** What the form begins with. */
export function initialValues(call: FormCall): FormValues {
	const values: Record<string, string | readonly string[]> = {};
	for (const field of call.fields) values[field.name] = field.initial;
	if (call.result !== undefined) values["result"] = call.result;
	return values;
}

/** The statement that the form stands for; `undefined` while a field that it needs is empty. */
export function composeCode(call: FormCall, values: FormValues): string | undefined {
	const texts = new Map(call.fields.map((field) => [field.name, fieldText(field, values[field.name])]));
	const result = values["result"];
	texts.set("result", typeof result === "string" ? result.trim() : "");
	let missing = false;
	let code = call.template.replace(/@(\w+)(?=(\[)?)/g, (_, name: string, indexed: string | undefined) => {
		const text = texts.get(name) ?? "";
		if (text === "" && name !== "flags" && name !== "result") missing = true;
		// `p + page[0]` would be the byte of another pointer.
		return indexed !== undefined && /[^\w]/.test(text) ? `(${text})` : text;
	});
	if (missing) return undefined;
	code = code.replace(/ \| (?=,)/, ""); // sharing without further flags
	return code.replace(/^ = /, ""); // what it returns is not kept
}

function fieldText(field: FormField, value: string | readonly string[] | undefined): string {
	if (field.kind !== "flags") return typeof value === "string" ? value.trim() : "";
	const chosen = field.choices.map(({ name }) => name).filter((name) => value?.includes(name));
	return chosen.length === 0 ? field.none : chosen.join(" | ");
}

/** What the lab's processes have, for the form's suggestions. */
export interface Surroundings {
	/** Variables that hold the start of a mapping, with their pages. */
	readonly regions: readonly { readonly name: string; readonly pages: number }[];
	/** Code that has run. */
	readonly history: readonly string[];
	/** Texts that the demo gives. */
	readonly texts: readonly string[];
}

/** Likely expressions for a field, the likeliest first. */
export function suggestions(field: FormField, { regions, history, texts }: Surroundings): string[] {
	if (field.kind !== "expression") return [];
	switch (field.suggest) {
		case "addresses":
			return [
				...(field.initial === "NULL" ? ["NULL"] : []),
				...regions.flatMap(({ name, pages }) => [
					name,
					...(pages > 1 ? [`${name} + page`, `${name} + ${Math.floor(pages / 2)} * page`] : []),
				]),
			];
		case "lengths":
			return [
				...new Set([
					...regions.flatMap(({ pages }) => (pages === 1 ? [] : [`${pages} * page`])),
					"page",
					"16 * page",
					"1 << 20",
				]),
			];
		case "descriptors":
			return ["-1", ...new Set(history.flatMap((code) => /(\w+)\s*=\s*open\(/.exec(code)?.[1] ?? []))];
		case "texts":
			return [...texts];
		case "none":
			return [];
	}
}
