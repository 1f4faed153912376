// Builds the bundle that the site serves; with --check only compares it with what is committed.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";

const BUNDLE = new URL("../static/editor/editor.js", import.meta.url);
const LICENCES = new URL("../static/editor/LICENSES.txt", import.meta.url);
const MOST = 150_000; // bytes, with brotli

const { outputFiles, metafile } = await build({
  absWorkingDir: new URL(".", import.meta.url).pathname,
  entryPoints: ["src/editor.js"],
  bundle: true,
  format: "esm",
  minify: true,
  charset: "utf8",
  legalComments: "none", // their licences stand in a file beside the bundle
  target: ["chrome109", "firefox115", "safari16"],
  metafile: true,
  write: false,
});

function packagesIn({ inputs }) {
  const names = Object.keys(inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

async function licence(name) {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const text = await readFile(new URL("LICENSE", folder), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

const made = new Map([
  [BUNDLE, Buffer.from(outputFiles[0].contents)],
  [LICENCES, Buffer.from((await Promise.all(packagesIn(metafile).map(licence))).join(`\n${"-".repeat(72)}\n\n`))],
]);
const size = brotliCompressSync(made.get(BUNDLE)).length;
console.log(`editor.js: ${made.get(BUNDLE).length} bytes, ${size} with brotli`);
if (size > MOST) throw new Error(`The editor is larger than ${MOST} bytes with brotli.`);

for (const [file, bytes] of made) {
  if (!process.argv.includes("--check")) await writeFile(file, bytes);
  else if (!bytes.equals(await readFile(file))) throw new Error(`${file.pathname} is not what its sources make: make bundle`);
}
