// The server looks for its dependencies beside its own files (the browser fetches some of them by that path); npm puts
// them here, in the folder above. A link joins the two, so that nothing has to be installed, or compiled, twice.
const { lstatSync, symlinkSync } = require("node:fs");
const { join } = require("node:path");

const link = join(__dirname, "node_modules/code-server/lib/vscode/node_modules");
if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync("../../..", link);
