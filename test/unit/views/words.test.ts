import { equal, match, ok } from "node:assert/strict";
import { addressEcho, parseAddress } from "../../../src/extension/views/addressInput";
import { errorText } from "../../../src/extension/views/errorText";
import { codeSpan, plainMarkdown, withoutIcons, withoutLinks } from "../../../src/extension/views/hostileText";
import { permissionWords } from "../../../src/extension/views/permissionWords";

describe("hostile text", () => {
	it("stays inside its code span", () => {
		equal(codeSpan("plain"), "`plain`");
		equal(codeSpan("a`b``c"), "```a`b``c```");
		equal(codeSpan("`edge"), "`` `edge ``");
		equal(codeSpan("two\nlines\u202e"), "`two\\nlines\\u{202e}`");
		equal(codeSpan(""), "–");
		equal(plainMarkdown("[a](b:c) <d> 1."), "\\[a\\]\\(b\\:c\\) \\<d\\> 1\\.");
	});

	it("cannot draw icons or links", () => {
		equal(withoutIcons("$(lock) \\$(x)"), "\\$(lock) \\\\$(x)");
		equal(withoutLinks("[free](command:evil)"), "[free] (command:evil)");
	});
});

describe("error sentences", () => {
	const sentence = (...parameters: Parameters<typeof errorText>) => errorText(...parameters).sentence;

	it("say whose process it is and what to do", () => {
		const error = { code: "permissionDenied", path: "/proc/1/maps", errno: "EACCES" } as const;
		equal(
			sentence(error, { pid: 1, name: "systemd", user: "root" }),
			"Mapscope may not read process 1 (systemd). It belongs to root. Run VS Code as root to read it.",
		);
		match(sentence(error, { pid: 9, user: "ada" }), /Run VS Code as ada or root/);
		match(sentence(error, { pid: 9, user: "ada", own: true }), /protects its memory/);
		match(sentence(error), /process 1\. Run VS Code as root/);
	});

	it("know every code", () => {
		equal(sentence({ code: "processGone", path: "/proc/42/maps" }), "Process 42 has ended.");
		equal(sentence({ code: "processGone" }), "The process has ended.");
		match(sentence({ code: "unsupported", feature: "PAGEMAP_SCAN" }), /PAGEMAP_SCAN/);
		equal(sentence({ code: "io", path: "/proc/42/mem", errno: "EIO" }), "/proc/42/mem could not be read: EIO.");
		match(sentence({ code: "io", detail: "exit 1" }), /started again/);
		ok(errorText({ code: "bug", detail: "secret stack" }).offerLog);
		ok(!sentence({ code: "bug", detail: "secret stack" }).includes("secret"));
	});

	it("cannot be turned into links by names", () => {
		ok(!sentence({ code: "processGone" }, { pid: 3, name: "[x](command:y)" }).includes("]("));
	});
});

describe("permissions in words", () => {
	it("names each letter", () => {
		equal(permissionWords("rw-p"), "readable, writable, private: writes stay in this process");
		match(permissionWords("---p"), /^no access, private/);
		match(permissionWords("r-xs"), /executable, shared/);
	});
});

describe("address prompt", () => {
	for (const [input, address] of [
		["7f48046a0000", 0x7f48046a0000n],
		[" 0x7F48046A0000 ", 0x7f48046a0000n],
		["7f4804600000-7f4804621000", 0x7f4804600000n],
		["7f4804600000-7f4804621000 r-xp 00000000 08:01 42 /lib/x", 0x7f4804600000n],
		["0d4096", 4096n],
		["ffffffffff600000", 0xffffffffff600000n],
		["0", 0n],
	] as const) {
		it(`reads ${input}`, () => {
			const parsed = parseAddress(input);
			equal(parsed.kind === "address" && parsed.address, address);
		});
	}

	for (const input of ["", "0x", "main", "0x12g4", "-1", "10000000000000000", "12 34"]) {
		it(`refuses ${JSON.stringify(input)} with a sentence`, () => {
			const parsed = parseAddress(input);
			ok(parsed.kind === "invalid" && parsed.sentence.endsWith("."));
		});
	}

	it("says what a decimal number means", () => {
		equal(addressEcho("0d4096"), "0x00001000");
		equal(addressEcho("1000"), undefined);
	});
});
