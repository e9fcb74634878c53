// A program to be debugged that forks another Node: both stop in `checkpoint`, the child each time after it has mapped.
const { fork } = require("node:child_process");

function checkpoint(memory) {
	return memory.length; // stop
}

if (process.argv[2] === "child") {
	const memory = [Buffer.alloc(4 << 20, 1)];
	checkpoint(memory);
	memory.push(Buffer.alloc(8 << 20, 1));
	checkpoint(memory);
} else {
	checkpoint([]);
	fork(__filename, ["child"]).once("exit", () => checkpoint([]));
}
