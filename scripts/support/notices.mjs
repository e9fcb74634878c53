// The licences of what others wrote and the package contains.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkout } from "./commands.mjs";

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * The notices for all packages that a bundle was made of.
 * @param {string[]} inputs Paths of the bundle's source files, relative to the checkout.
 */
export async function thirdPartyNotices(inputs) {
	const names = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
	const parts = [...new Set(names)].sort().map(notice);
	const separator = `\n\n${"-".repeat(100)}\n\n`;
	return ["Mapscope contains the following third-party software.", ...(await Promise.all(parts))].join(separator);
}

/** @param {string} name */
async function notice(name) {
	const folder = join(checkout, "node_modules", name);
	const { version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
	const files = (await readdir(folder, { recursive: true })).filter(isLicence).sort();
	const texts = await Promise.all(files.map((path) => readFile(join(folder, path), "utf8")));
	if (texts.length === 0) {
		if (license !== "MIT") throw new Error(`${name} comes without the text of its licence (${license})`);
		texts.push(`Copyright (c) ${author?.name ?? author}\n\n${mit}`);
	}
	return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}

/** @param {string} path */
function isLicence(path) {
	return /^licen[cs]e/i.test(basename(path)) && !path.includes("node_modules");
}
