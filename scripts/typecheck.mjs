// Type-checks each room with its own globals, so that e.g. a DOM name in src/shared is an error.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rooms = ["src/shared", "src/extension", "src/webview", "test", "scripts"];
let failed = false;
for (const room of rooms) {
	const { status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", join(root, room)], { stdio: "inherit" });
	failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
