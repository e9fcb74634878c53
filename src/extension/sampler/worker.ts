import { join } from "node:path";
import { type MessagePort, parentPort } from "node:worker_threads";
import { type Port, serve } from "../../shared/rpc";
import { ReaderThread } from "./readerThread";
import { createSamplerService } from "./service";
import { readSystemInfo } from "./system";

/** Entry of the worker thread: serves the sampler on the thread's port. */
function run(port: MessagePort): void {
	const wire: Port = {
		post: (message) => port.postMessage(message),
		listen: (listener) => {
			port.on("message", listener);
			return () => port.off("message", listener);
		},
	};
	// It ends with this thread, as Node ends all threads that a thread has started.
	const ahead = new ReaderThread(join(__dirname, "reader.js"));
	serve(wire, createSamplerService({ ...readSystemInfo(), ahead }));
}

if (parentPort) run(parentPort);
