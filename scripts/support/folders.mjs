// Removes folders of the checkout, and never what a link in the checkout leads to.
import { lstatSync, readlinkSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { checkout } from "./commands.mjs";

/**
 * Empties a folder of the checkout, or creates it. Throws when it or a folder above it is a link: what it leads to is not ours to
 * empty.
 * @param {string} path Below the checkout.
 */
export async function makeEmpty(path) {
	await removeFolder(path);
	await mkdir(path, { recursive: true });
}

/**
 * Removes a folder of the checkout, if it is there. Throws when it or a folder above it is a link.
 * @param {string} path Below the checkout.
 */
export async function removeFolder(path) {
	refuseLinks(path, "what is there would be deleted");
	await rm(path, { recursive: true, force: true });
}

/**
 * Throws when a path of the checkout, or a folder above it in the checkout, is a link.
 * @param {string} path Below the checkout.
 * @param {string} harm What would happen at the other end.
 */
export function refuseLinks(path, harm) {
	const names = relative(checkout, path).split(sep);
	if (names[0] === ".." || names[0] === "") throw new Error(`${path} is not below ${checkout}`);
	for (let count = 1; count <= names.length; count++) {
		const part = join(checkout, ...names.slice(0, count));
		if (!lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
		throw new Error(
			`${relative(checkout, part)} is a link to ${readlinkSync(part)}: ${harm}. Remove the link (rm ${part}), and try again.`,
		);
	}
}
