import { replaceInvisible } from "../../../shared/text";
import type { Expr } from "../language/syntax";

/** A C string literal. Bytes that are not plain ASCII become octal escapes, which unlike `\x` end after three digits. */
export function cText(text: string | Uint8Array): string {
	const bytes = typeof text === "string" ? Buffer.from(text) : text;
	const characters = Array.from(bytes, (byte) => {
		if (byte === 0x22 || byte === 0x5c || byte === 0x3f) return `\\${String.fromCharCode(byte)}`; // "?": no trigraphs
		return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
	});
	return `"${characters.join("")}"`;
}

/**
 * C whose invisible characters are octal escapes of their bytes in UTF-8. In strings that means the same, and the language
 * allows them in strings and comments only. Tabs and line ends stay.
 */
export function visibleSource(source: string): string {
	return replaceInvisible(source, (character) =>
		character === "\n" || character === "\t" ? character : cText(character).slice(1, -1),
	);
}

/** An expression as C, with parentheses around everything that has an operator. */
export function printExpr(expr: Expr): string {
	switch (expr.kind) {
		case "integer":
			return expr.value > 0x7fffffffn ? `${expr.value}L` : String(expr.value);
		case "text":
			return cText(expr.bytes);
		case "name":
			return expr.name;
		case "unary":
			return `${expr.operator}${printExpr(expr.operand)}`;
		case "binary":
			// C shifts an int by less than its own width only.
			if (expr.operator === "<<" && expr.left.kind === "integer") {
				return `(${expr.left.value}L << ${printExpr(expr.right)})`;
			}
			return `(${printExpr(expr.left)} ${expr.operator} ${printExpr(expr.right)})`;
		case "call":
			return `${expr.name}(${expr.parameters.map(printExpr).join(", ")})`;
		case "invoke":
			return `((int (*)(void))${printExpr(expr.address)})()`;
		case "load":
			return `${printExpr(expr.pointer)}[${printExpr(expr.index)}]`;
		case "addressOf":
			return `&${expr.name}`;
		case "sizeof":
			return `sizeof ${expr.name}`;
	}
}
