// Runs a debug adapter and tells of its process otherwise than it does, as adapters do that stand elsewhere or say little.
//   node retell.mjs CHANGES ADAPTER [ARGUMENT...]
// CHANGES: JSON of fields of the `process` event; null takes a field away.
import { spawn } from "node:child_process";

const [changes = "{}", adapter = "", ...parameters] = process.argv.slice(2);
const child = spawn(adapter, parameters, { stdio: ["pipe", "pipe", "inherit"] });
process.stdin.pipe(child.stdin);
child.once("exit", (code) => process.exit(code ?? 1));

let text = Buffer.alloc(0);
child.stdout.on("data", (/** @type {Buffer} */ piece) => {
	text = Buffer.concat([text, piece]);
	for (let message = take(); message !== undefined; message = take()) send(message);
});

/** The next message that is there in full. */
function take() {
	const end = text.indexOf("\r\n\r\n");
	const length = Number(/Content-Length: (\d+)/i.exec(text.toString("latin1", 0, Math.max(end, 0)))?.[1]);
	if (end < 0 || text.length < end + 4 + length) return undefined;
	const body = text.toString("utf8", end + 4, end + 4 + length);
	text = text.subarray(end + 4 + length);
	return JSON.parse(body);
}

/** @param {{ event?: string, body?: object }} message */
function send(message) {
	if (message.event === "process") {
		const fields = Object.entries({ ...message.body, ...JSON.parse(changes) });
		message.body = Object.fromEntries(fields.filter(([, value]) => value !== null));
	}
	const body = JSON.stringify(message);
	process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
