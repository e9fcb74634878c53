import { statSync } from "node:fs";
import type { DemoData } from "../../../shared/labDemo";
import { mainProcess } from "../../../shared/labDemo";
import type { CallResult, Refusal, SignalResult } from "../../../shared/labResult";
import { labFunction, type ReturnKind } from "../language/functions";
import { parseStatements } from "../language/parser";
import { type Expr, LabSyntaxError, type Statement } from "../language/syntax";
import { typeOf, Variables } from "../language/variables";
import { signalName } from "../signals";
import type { Finished } from "../wire";
import { type Actor, ActorEnded, type Outcome, ScratchFull } from "./actor";
import type { Arena } from "./arena";
import { Caller } from "./caller";
import { assignedValue, numberOf, returned } from "./callValues";
import { ForkedActor } from "./forkedActor";
import { Guard } from "./guard";
import type { MainActor } from "./mainActor";
import { Regions } from "./regions";
import { type CallExpr, type Draft, Refused, type Scene } from "./scene";

/** A loop of more rounds would keep the lab process from hearing anything else for seconds. */
const mostRounds = 1_000_000;
/** Bytes of text that a statement may print. */
const mostPrinted = 64 * 1024;
/** Pages that one `mincore` may ask about: its vector has to lie in the scratch memory. */
const mostInCore = 128 * 1024;

/** What the code of a demo may name besides its own variables. */
export interface Surroundings {
	readonly texts: Readonly<Record<string, string>>;
	readonly numbers: Readonly<Record<string, string>>;
	readonly data: readonly DemoData[];
}

/** Where a step's answers go while it runs. */
export interface Listener {
	began(code: string): void;
	call(result: CallResult): void;
}

/** Runs the statements of steps in the lab's processes, by calls of the C library. */
export class Interpreter {
	readonly #variables: Variables;
	readonly #scenes = new Map<string, Scene>();
	readonly #texts = new Map<string, Uint8Array>();
	readonly #guard: Guard;
	readonly #caller: Caller;
	readonly #regions: Regions;
	readonly #pageSize: bigint;

	constructor(
		private readonly main: MainActor,
		arena: Arena,
		surroundings: Surroundings,
		pageSize: number,
	) {
		this.#pageSize = BigInt(pageSize);
		this.#guard = new Guard(this.#pageSize);
		this.#regions = new Regions(pageSize, this.#guard.memory);
		this.#caller = new Caller(main, arena, this.#guard, this.#texts);
		const values = new Map([["page", this.#pageSize]]);
		this.#variables = new Variables({ data: surroundings.data });
		for (const [name, text] of Object.entries(surroundings.texts)) {
			this.#variables.types.set(name, "text");
			this.#texts.set(name, Buffer.from(text));
		}
		for (const [name, number] of Object.entries(surroundings.numbers)) {
			this.#variables.types.set(name, "long");
			values.set(name, BigInt(number));
		}
		for (const { name, bytes } of surroundings.data) {
			this.#texts.set(name, Uint8Array.from(bytes[process.arch as "x64"] ?? []));
		}
		this.#scenes.set(mainProcess, { actor: main, values, inCore: [] });
	}

	/** Runs a step's statements in a process, to the end or to the first that ends it or must not run. */
	run(code: string, process: string, listener: Listener): Finished {
		const scene = this.#scenes.get(process);
		let signal: SignalResult | undefined;
		let refusal: Refusal | undefined;
		let current = code;
		try {
			if (scene === undefined) throw new Refused("processGone");
			for (const statement of this.#chosen(parseStatements(code), scene)) {
				current = statement.code;
				if (stateOf(scene.actor) !== "alive") throw new Refused("processGone");
				this.#variables.add(statement);
				listener.began(statement.code);
				listener.call(this.#statement(statement, scene));
			}
		} catch (error) {
			if (error instanceof ActorEnded && scene) signal = this.#ended(error, scene, current, listener);
			else refusal = { code: current, ...refusalOf(error) };
		}
		return {
			regions: this.#regions.list(),
			processes: [...this.#scenes.values()].map(({ actor }) => ({
				name: actor.name,
				pid: actor.pid,
				state: stateOf(actor),
			})),
			values: Object.fromEntries([...(scene?.values ?? [])].map(([name, value]) => [name, String(value)])),
			...(signal === undefined ? {} : { signal }),
			...(refusal === undefined ? {} : { refusal }),
		};
	}

	#ended(error: ActorEnded, { actor }: Scene, code: string, listener: Listener): SignalResult | undefined {
		listener.call({ code });
		// exec keeps the process: its regions stay in view, with nothing mapped there any more.
		if (error.executed) return undefined;
		this.#regions.forget(actor.name);
		return {
			name: signalName(error.signal),
			process: actor.name,
			pid: actor.pid,
			...(error.detail === undefined ? {} : { detail: error.detail }),
		};
	}

	/** The statements that are to run, in order: of an `if` those of one branch. */
	*#chosen(statements: readonly Statement[], scene: Scene): Generator<Statement> {
		for (const statement of statements) {
			if (statement.kind !== "if") {
				yield statement;
				continue;
			}
			scene.actor.scratch.reset();
			const holds = this.#caller.value(statement.condition, scene) !== 0n;
			yield* this.#chosen(holds ? statement.then : statement.otherwise, scene);
		}
	}

	#statement(statement: Statement, scene: Scene): CallResult {
		scene.actor.scratch.reset();
		if (scene.actor !== this.main) this.main.scratch.reset();
		const draft: Draft = { code: statement.code };
		switch (statement.kind) {
			case "evaluate":
				this.#assign(undefined, statement.value, scene, draft);
				break;
			case "assign":
				this.#assign(statement.name, statement.value, scene, draft);
				break;
			case "store":
				this.#store(statement, scene);
				break;
			case "for":
				draft.times = this.#loop(statement, scene);
				break;
			case "if":
				for (const inner of this.#chosen([statement], scene)) this.#statement(inner, scene);
		}
		return draft;
	}

	#loop(loop: Extract<Statement, { kind: "for" }>, scene: Scene): number {
		const { values } = scene;
		let rounds = 0;
		values.set(loop.name, this.#caller.value(loop.start, scene));
		for (;;) {
			const at = values.get(loop.name) ?? 0n;
			if (at >= this.#caller.value(loop.end, scene)) return rounds;
			if (++rounds > mostRounds) throw new Refused("tooLong");
			this.#statement(loop.body, scene);
			values.set(loop.name, (values.get(loop.name) ?? 0n) + this.#caller.value(loop.step, scene));
		}
	}

	#store({ pointer, index, value }: Extract<Statement, { kind: "store" }>, scene: Scene): void {
		const address = this.#caller.value(pointer, scene) + this.#caller.value(index, scene);
		const byte = this.#caller.value(value, scene) & 0xffn;
		// A store of one byte, which is what memset of one byte is.
		this.#caller.call("memset", [address, byte, 1n], scene);
	}

	/** Evaluates; a call's return kind says what is reported of it. */
	#assign(name: string | undefined, expr: Expr, scene: Scene, draft: Draft): void {
		if (expr.kind !== "call") {
			const value = this.#caller.value(expr, scene);
			if (name !== undefined) scene.values.set(name, value);
			draft.value = assignedValue(typeOf(expr, this.#variables.lookup), value);
			return;
		}
		switch (labFunction(expr.name)?.special) {
			case "puts":
				this.#puts(expr.parameters, scene, draft);
				break;
			case "fwrite":
				this.#fwrite(expr.parameters, scene, draft);
				break;
			case "clearCache":
				// gcc makes nothing of it on x86-64; on arm64 the kernel does it when a page is first mapped executable.
				draft.value = { kind: "nothing" };
				break;
			case "fork":
				this.#fork(name, scene, draft);
				break;
			case "mincore":
				this.#mincore(this.#caller.parameters(expr, scene, draft), scene, draft);
				break;
			case "fstat":
				this.#fstat(expr, scene, draft);
				break;
			case "exec":
			case undefined:
				this.#plainCall(name, expr, scene, draft);
		}
	}

	#plainCall(name: string | undefined, expr: CallExpr, scene: Scene, draft: Draft): void {
		const kind = labFunction(expr.name)?.returns ?? "nothing";
		const parameters = this.#caller.parameters(expr, scene, draft);
		const outcome = this.#caller.call(expr.name, parameters, scene);
		this.#caller.readStructures(expr, parameters, scene);
		this.#report(kind, outcome, draft);
		if (name !== undefined) scene.values.set(name, numberOf(kind, outcome.value));
		if (draft.errno === undefined) this.#remember(name, expr.name, parameters, outcome.value, scene);
	}

	#report(kind: ReturnKind, { value, errno }: Outcome, draft: Draft): void {
		const number = numberOf(kind, value);
		if (number === -1n && kind !== "nothing") draft.errno = errno;
		draft.value = returned(kind, number);
	}

	/** Keeps account of what belongs to the demo. */
	#remember(name: string | undefined, call: string, parameters: readonly bigint[], value: bigint, scene: Scene): void {
		const { name: process, pid } = scene.actor;
		this.#regions.after(process, name, call, parameters, value);
		if (labFunction(call)?.returns === "descriptor") this.#guard.opened(pid, Number(numberOf("int", value)));
		if (call === "close") this.#guard.closed(pid, Number(parameters[0]));
		if (call === "waitpid" && value > 0n) this.#markEnded(Number(numberOf("pid", value)));
	}

	#markEnded(pid: number): void {
		for (const { actor } of this.#scenes.values()) {
			if (actor instanceof ForkedActor && actor.pid === pid) {
				actor.ended = true;
				this.#regions.forget(actor.name);
			}
		}
	}

	#puts([text]: readonly Expr[], scene: Scene, draft: Draft): void {
		const address = this.#caller.value(text, scene);
		this.#caller.check({ start: address, end: address + 1n, owned: false, resident: 1n }, scene);
		const { value } = scene.actor.call(this.main.symbol("strlen"), [address]);
		this.#print(address, value, scene, draft);
	}

	#fwrite([text, size, count]: readonly Expr[], scene: Scene, draft: Draft): void {
		const address = this.#caller.value(text, scene);
		const length = this.#caller.value(size, scene) * this.#caller.value(count, scene);
		if (length > BigInt(mostPrinted)) throw new Refused("tooLong");
		this.#caller.check({ start: address, end: address + length, owned: false, resident: length }, scene);
		this.#print(address, length, scene, draft);
	}

	#print(address: bigint, bytes: bigint, scene: Scene, draft: Draft): void {
		const length = bytes > mostPrinted ? mostPrinted : Number(bytes);
		const copy = scene.actor.scratch.reserve(length);
		scene.actor.call(this.main.symbol("memcpy"), [copy, address, BigInt(length)]);
		draft.printed = scene.actor.scratch.read(copy, length).toString("utf8");
		draft.value = { kind: "nothing" };
	}

	#mincore([address = 0n, length = 0n]: readonly bigint[], scene: Scene, draft: Draft): void {
		const pages = Number((length + this.#pageSize - 1n) / this.#pageSize);
		if (pages > mostInCore) throw new Refused("tooLong");
		const { scratch } = scene.actor;
		const vector = scratch.store(new Uint8Array(Math.max(1, pages)));
		const outcome = scene.actor.call(this.main.symbol("mincore"), [address, length, vector]);
		this.#report("int", outcome, draft);
		if (draft.errno !== undefined) return;
		scene.inCore = [...scratch.read(vector, pages)];
		draft.inCore = scene.inCore.map((byte) => byte & 1);
	}

	#fstat({ parameters }: CallExpr, scene: Scene, draft: Draft): void {
		const structure = parameters[1];
		if (structure?.kind !== "addressOf") throw new LabSyntaxError("fstat fills a structure");
		const descriptor = this.#caller.value(parameters[0], scene);
		try {
			// The descriptor is the process's own, which need not be this one.
			const { size } = statSync(`/proc/${scene.actor.pid}/fd/${BigInt.asIntN(32, descriptor)}`, { bigint: true });
			scene.values.set(`${structure.name}.st_size`, size);
			draft.value = { kind: "number", number: "0" };
		} catch (error) {
			draft.value = { kind: "number", number: "-1" };
			const { code = "EBADF" } = error as NodeJS.ErrnoException;
			draft.errno = code === "ENOENT" ? "EBADF" : code;
		}
	}

	#fork(name: string | undefined, scene: Scene, draft: Draft): void {
		if (scene.actor !== this.main || name === undefined)
			throw new Refused("syntax", "name = fork(), in the first process");
		if (this.main.shim === undefined) throw new Refused("noFork");
		if (this.#scenes.has(name) && !this.#hasEnded(name)) throw new Refused("tooLong");
		const forked = ForkedActor.fork(name, this.main, this.main.shim);
		if (typeof forked === "string") {
			draft.errno = forked;
			draft.value = returned("pid", -1n);
			scene.values.set(name, -1n);
			return;
		}
		this.#guard.forked(scene.actor.pid, forked.pid);
		scene.values.set(name, BigInt(forked.pid));
		this.#scenes.set(name, { ...scene, actor: forked, values: new Map([...scene.values, [name, 0n]]) });
		this.#regions.fork(scene.actor.name, name);
		draft.value = returned("pid", BigInt(forked.pid));
	}

	#hasEnded(name: string): boolean {
		const actor = this.#scenes.get(name)?.actor;
		return actor instanceof ForkedActor && actor.ended;
	}
}

function refusalOf(error: unknown): Omit<Refusal, "code"> {
	if (error instanceof Refused) {
		return { why: error.why, ...(error.detail === undefined ? {} : { detail: error.detail }) };
	}
	if (error instanceof ScratchFull) return { why: "tooLong" };
	if (error instanceof LabSyntaxError) return { why: "syntax", detail: error.message };
	throw error;
}

function stateOf(actor: Actor): "alive" | "executed" | "ended" {
	if (!(actor instanceof ForkedActor)) return "alive";
	return actor.ended ? "ended" : actor.executed ? "executed" : "alive";
}
