import { constantValue } from "../language/constants";
import { evaluateWith } from "../language/evaluate";
import { type Expr, LabSyntaxError } from "../language/syntax";
import { structures } from "../language/variables";
import type { Outcome } from "./actor";
import type { Arena } from "./arena";
import type { Guard } from "./guard";
import type { MainActor } from "./mainActor";
import { type CallExpr, type Draft, Refused, type Scene } from "./scene";

/** Works out expressions and makes calls in a process of the lab, after the guard has agreed. */
export class Caller {
	constructor(
		private readonly main: MainActor,
		private readonly arena: Arena,
		private readonly guard: Guard,
		/** Strings and bytes that the code may name. */
		private readonly texts: ReadonlyMap<string, Uint8Array>,
	) {}

	/** The arguments of a call as integers; strings and structures are put where the process can see them. */
	parameters(call: CallExpr, scene: Scene, draft: Draft): bigint[] {
		const parameters = call.parameters.map((parameter) => {
			if (parameter.kind === "addressOf") return this.#structure(call.name, parameter.name, scene);
			return this.value(parameter, scene);
		});
		const fixed = (constantValue("MAP_FIXED") ?? 0n) | (constantValue("MAP_FIXED_NOREPLACE") ?? 0n);
		if (call.name === "mmap" && parameters[0] === 0n && ((parameters[3] ?? 0n) & fixed) === 0n) {
			parameters[0] = this.arena.hint(parameters[1] ?? 0n);
			draft.hint = parameters[0].toString(16);
		}
		return parameters;
	}

	/** `struct rlimit` is two unsigned longs; `struct stat` is filled by {@link #fstat}. */
	#structure(call: string, name: string, { actor, values }: Scene): bigint {
		const members = structures.get(call)?.members ?? [];
		const bytes = Buffer.alloc(Math.max(16, members.length * 8));
		members.forEach((member, i) => {
			bytes.writeBigUInt64LE(BigInt.asUintN(64, values.get(`${name}.${member}`) ?? 0n), i * 8);
		});
		return actor.scratch.store(bytes);
	}

	/** Takes over what a call has written into its structures. */
	readStructures(call: CallExpr, addresses: readonly bigint[], { actor, values }: Scene): void {
		call.parameters.forEach((parameter, i) => {
			if (parameter.kind !== "addressOf") return;
			const bytes = actor.scratch.read(addresses[i] ?? 0n, 16);
			structures.get(call.name)?.members.forEach((member, at) => {
				values.set(`${parameter.name}.${member}`, bytes.readBigInt64LE(at * 8));
			});
		});
	}

	/** Calls a function, unless that would hurt the lab. */
	call(name: string, parameters: readonly bigint[], scene: Scene): Outcome {
		const isMain = scene.actor === this.main;
		const symbol = this.main.functions.find(name);
		if (symbol === undefined) throw new Refused("syntax", `this C library has no ${name}`);
		const effective = name === "strcpy" ? this.#copied(parameters, scene) : parameters;
		const judged = name === "strcpy" ? "memcpy" : name;
		const refusal = this.guard.judge(judged, effective, { pid: scene.actor.pid, isMain });
		if (refusal !== undefined) throw new Refused(refusal);
		return scene.actor.call(symbol, parameters);
	}

	#copied([to = 0n, from = 0n]: readonly bigint[], scene: Scene): bigint[] {
		const { value } = scene.actor.call(this.main.symbol("strlen"), [from]);
		return [to, from, value + 1n];
	}

	/** Throws {@link Refused} for an effect that comes from no call and would hurt the lab. */
	check(effect: Parameters<Guard["judgeEffect"]>[0], { actor }: Scene): void {
		const refusal = this.guard.judgeEffect(effect, { pid: actor.pid, isMain: actor === this.main });
		if (refusal !== undefined) throw new Refused(refusal);
	}

	/** Value of an expression. */
	value(expr: Expr | undefined, scene: Scene): bigint {
		if (expr === undefined) return 0n;
		return evaluateWith(
			expr,
			(name) => scene.values.get(name),
			(other) => this.#other(other, scene),
		);
	}

	/** What needs the process: strings, bytes behind a pointer, code at an address. */
	#other(expr: Expr, scene: Scene): bigint {
		const { actor } = scene;
		switch (expr.kind) {
			case "text":
				return actor.scratch.store(Buffer.concat([expr.bytes, Buffer.alloc(1)]));
			case "name": {
				const text = this.texts.get(expr.name);
				if (text !== undefined) return actor.scratch.store(Buffer.concat([text, Buffer.alloc(1)]));
				if (expr.name === "vec") return -1n; // mincore has a vector of its own
				throw new LabSyntaxError(`${expr.name} has no value yet`);
			}
			case "sizeof":
				return this.#sizeOf(expr.name);
			case "load":
				if (expr.pointer.kind === "name" && expr.pointer.name === "vec") {
					return BigInt(scene.inCore[Number(this.value(expr.index, scene))] ?? 0);
				}
				return this.#load(this.value(expr.pointer, scene) + this.value(expr.index, scene), scene);
			case "invoke":
				return this.#invoke(this.value(expr.address, scene), scene);
			case "call":
			case "addressOf":
			case "integer":
			case "unary":
			case "binary":
				throw new LabSyntaxError("a call stands alone, or to the right of =");
		}
	}

	#sizeOf(name: string): bigint {
		const text = this.texts.get(name);
		if (text === undefined) throw new LabSyntaxError(`the size of ${name} is not known`);
		return BigInt(text.length);
	}

	#load(address: bigint, scene: Scene): bigint {
		this.check({ start: address, end: address + 1n, owned: false, resident: 1n }, scene);
		const { scratch } = scene.actor;
		const copy = scratch.reserve(1);
		scene.actor.call(this.main.symbol("memcpy"), [copy, address, 1n]);
		return BigInt(scratch.read(copy, 1)[0] ?? 0);
	}

	#invoke(address: bigint, scene: Scene): bigint {
		this.check({ start: address, end: address + 1n, owned: true, resident: 1n }, scene);
		return BigInt.asIntN(32, scene.actor.call(address, []).value);
	}
}
