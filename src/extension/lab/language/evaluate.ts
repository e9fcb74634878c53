import { constantValue } from "./constants";
import { parseExpression } from "./parser";
import { type BinaryOperator, type Expr, LabSyntaxError } from "./syntax";

/** Value of a variable; undefined where there is none. */
export type Values = (name: string) => bigint | undefined;

/** Value of an expression without calls and loads, e.g. that of an expectation. Throws {@link LabSyntaxError}. */
export function evaluateConstant(expression: string | number, values: Values): bigint {
	if (typeof expression === "number") return BigInt(expression);
	return evaluateWith(parseExpression(expression), values, (expr) => {
		throw new LabSyntaxError(`${expr.kind} has no constant value`);
	});
}

/** Value of an expression; what needs a process is left to `others`. Arithmetic as that of C's 64-bit `long`. */
export function evaluateWith(expr: Expr, values: Values, others: (expr: Expr) => bigint): bigint {
	switch (expr.kind) {
		case "integer":
			return expr.value;
		case "name": {
			const value = values(expr.name) ?? constantValue(expr.name);
			return value ?? others(expr);
		}
		case "unary": {
			const operand = evaluateWith(expr.operand, values, others);
			return BigInt.asIntN(64, expr.operator === "-" ? -operand : ~operand);
		}
		case "binary": {
			const left = evaluateWith(expr.left, values, others);
			return BigInt.asIntN(64, calculate(expr.operator, left, evaluateWith(expr.right, values, others)));
		}
		case "text":
		case "call":
		case "invoke":
		case "load":
		case "addressOf":
		case "sizeof":
			return others(expr);
	}
}

function calculate(operator: BinaryOperator, left: bigint, right: bigint): bigint {
	switch (operator) {
		case "+":
			return left + right;
		case "-":
			return left - right;
		case "*":
			return left * right;
		case "/":
		case "%":
			if (right === 0n) throw new LabSyntaxError("division by zero");
			return operator === "/" ? left / right : left % right;
		case "<<":
		case ">>":
			if (right < 0n || right > 63n) throw new LabSyntaxError("a shift by more than 63");
			return operator === "<<" ? left << right : left >> right;
		case "&":
			return left & right;
		case "|":
			return left | right;
		case "^":
			return left ^ right;
		case "==":
			return truth(left === right);
		case "!=":
			return truth(left !== right);
		case "<":
			return truth(left < right);
		case ">":
			return truth(left > right);
		case "<=":
			return truth(left <= right);
		case ">=":
			return truth(left >= right);
	}
}

const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
