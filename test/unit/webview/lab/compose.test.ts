import { deepEqual, equal, ok } from "node:assert/strict";
import { playground } from "../../../../src/extension/lab/demos/playground";
import { constantValue } from "../../../../src/extension/lab/language/constants";
import { parseStatements } from "../../../../src/extension/lab/language/parser";
import { readDemo } from "../../../../src/extension/lab/language/variables";
import { type FormCall, formCalls } from "../../../../src/webview/lab/playground/calls";
import { composeCode, initialValues, suggestions } from "../../../../src/webview/lab/playground/compose";

const call = (id: string): FormCall => {
	const found = formCalls.find((each) => each.id === id);
	ok(found, id);
	return found;
};

describe("the playground's form", () => {
	it("composes the call that its fields say", () => {
		const mmap = call("mmap");
		equal(
			composeCode(mmap, initialValues(mmap)),
			"p = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);",
		);
		const values = {
			...initialValues(mmap),
			protection: [],
			sharing: "MAP_SHARED",
			flags: [],
			descriptor: "fd",
			result: "",
		};
		equal(composeCode(mmap, values), "mmap(NULL, 16 * page, PROT_NONE, MAP_SHARED, fd, 0);");
	});

	it("keeps flags in the order of the form, whatever order they were chosen in", () => {
		const mmap = call("mmap");
		const code = composeCode(mmap, { ...initialValues(mmap), flags: ["MAP_POPULATE", "MAP_ANONYMOUS"] });
		ok(code?.includes("MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,"));
	});

	it("puts parentheses around what is indexed", () => {
		const write = call("write");
		equal(composeCode(write, { ...initialValues(write), address: "p + page" }), "(p + page)[0] = 'h';");
		equal(composeCode(write, initialValues(write)), "p[0] = 'h';");
	});

	it("composes nothing while a field is empty", () => {
		const mprotect = call("mprotect");
		equal(composeCode(mprotect, { ...initialValues(mprotect), length: " " }), undefined);
	});

	it("begins every call with what the lab understands, after a mapping and a file were made", () => {
		const before = ["mmap", "open"].map((id) => composeCode(call(id), initialValues(call(id))) ?? "");
		for (const each of formCalls) {
			const code = composeCode(each, initialValues(each));
			ok(code, each.id);
			equal(parseStatements(code).length, 1, code);
			const steps = [...before, code].map((text) => ({
				title: "",
				code: text,
				look: "",
				expect: [],
				why: "",
				man: [],
			}));
			readDemo({ ...playground, steps }); // throws for what does not exist
		}
	});

	it("offers constants that the lab knows", () => {
		for (const { fields } of formCalls) {
			for (const field of fields) {
				if (field.kind === "expression") continue;
				for (const { name } of field.choices) ok(constantValue(name) !== undefined, name);
			}
		}
	});

	it("suggests the mappings there are", () => {
		const around = { regions: [{ name: "p", pages: 16 }], history: ["fd = open(file, O_RDWR);"], texts: ["file"] };
		const field = (id: string, name: string) => {
			const found = call(id).fields.find((each) => each.name === name);
			ok(found);
			return suggestions(found, around);
		};
		deepEqual(field("munmap", "address"), ["p", "p + page", "p + 8 * page"]);
		deepEqual(field("mmap", "address"), ["NULL", "p", "p + page", "p + 8 * page"]);
		deepEqual(field("mmap", "descriptor"), ["-1", "fd"]);
		deepEqual(field("munmap", "length"), ["16 * page", "page", "1 << 20"]);
		deepEqual(field("open", "path"), ["file"]);
	});
});
