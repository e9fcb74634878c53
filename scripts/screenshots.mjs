// `npm run screenshots [-- SCENE...]`: takes the pictures in media/screenshots/ from the running product.
import { checkout, endOnSignals, run } from "./support/commands.mjs";
import { install, workbench } from "./support/install.mjs";
import { installSystemPackages } from "./support/systemPackages.mjs";

endOnSignals();
try {
	await install(checkout, "Packages");
	await install(workbench, "VS Code server");
	await installSystemPackages();
	const built = await run(process.execPath, ["esbuild.mjs", "--tests"], { quiet: true });
	const program = ["--enable-source-maps", "out/test/workbench/screenshots/main.js", ...process.argv.slice(2)];
	process.exitCode = built === 0 ? await run(process.execPath, program) : built;
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
}
