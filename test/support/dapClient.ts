import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Fields, fieldsOf } from "../../src/extension/debug/messages";

/** A debug adapter on its standard streams, without an editor; see the protocol's overview for the framing. */
export class DapClient {
	readonly #child: ChildProcess;
	readonly #answers = new Map<number, (body: Fields) => void>();
	readonly #events = new Map<string, (body: Fields) => void>();
	#sequence = 1;
	#received = Buffer.alloc(0);

	/** `passing` sees every message before it is sent and when it has come. */
	constructor(
		command: string,
		private readonly passing: (direction: "toAdapter" | "toClient", message: Fields) => void,
	) {
		this.#child = spawn(command, [], { stdio: ["pipe", "pipe", "ignore"] });
		this.#child.stdout?.on("data", (bytes: Buffer) => this.#receive(bytes));
	}

	/** Sends a request; resolves with the body of its answer, whether or not it succeeded. */
	async request(command: string, parameters: Fields = {}): Promise<Fields> {
		const seq = this.#sequence++;
		const message = { seq, type: "request", command, arguments: parameters };
		const answer = new Promise<Fields>((resolve) => this.#answers.set(seq, resolve));
		this.passing("toAdapter", message);
		const text = Buffer.from(JSON.stringify(message));
		this.#child.stdin?.write(Buffer.concat([Buffer.from(`Content-Length: ${text.length}\r\n\r\n`), text]));
		return await answer;
	}

	/** The next event of that name. */
	async event(name: string): Promise<Fields> {
		return await new Promise((resolve) => this.#events.set(name, resolve));
	}

	/** Ends program and adapter. */
	async stop(): Promise<void> {
		const ended = once(this.#child, "exit");
		await Promise.race([this.request("disconnect", { terminateDebuggee: true }), ended]);
		this.#child.stdin?.end();
		this.#child.kill();
		await ended;
	}

	#receive(bytes: Buffer): void {
		this.#received = Buffer.concat([this.#received, bytes]);
		for (;;) {
			const head = this.#received.indexOf("\r\n\r\n");
			if (head < 0) return;
			const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString("latin1", 0, head))?.[1]);
			if (this.#received.length < head + 4 + length) return;
			const message = fieldsOf(JSON.parse(this.#received.toString("utf8", head + 4, head + 4 + length)));
			this.#received = this.#received.subarray(head + 4 + length);
			this.#dispatch(message);
		}
	}

	#dispatch(message: Fields): void {
		this.passing("toClient", message);
		const { type, event, request_seq: answered } = message;
		const waiting =
			type === "event"
				? this.#events.get(String(event))
				: this.#answers.get(typeof answered === "number" ? answered : -1);
		if (type === "event") this.#events.delete(String(event));
		else if (typeof answered === "number") this.#answers.delete(answered);
		waiting?.(fieldsOf(message["body"]));
	}
}
