const meanings: Readonly<Record<string, string>> = {
	r: "readable",
	w: "writable",
	x: "executable",
	s: "shared: writes reach everyone who maps it",
	p: "private: writes stay in this process",
};

/** The permissions field of `maps` in words: `readable, writable, private: writes stay in this process`. */
export function permissionWords(permissions: string): string {
	const words = [...permissions].flatMap((letter) => meanings[letter] ?? []);
	if (permissions.startsWith("---")) words.unshift("no access");
	return words.join(", ");
}

/** Writable and executable at once, which lets an attacker turn data into code. */
export function isWritableExecutable(permissions: string): boolean {
	return permissions[1] === "w" && permissions[2] === "x";
}
