// SPDX-License-Identifier: Apache-2.0
//
// usage: node unpack.mjs FOLDER
//
// Unpacks the Chromium of the npm package @sparticuz/chromium, which holds it in Brotli's format, with its libraries
// and a font into FOLDER, and puts a script "chromium" there that starts it with them.

import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const executable = 0o755;
const folder = path.resolve(process.argv[2]);
const packed = path.join(path.dirname(fileURLToPath(import.meta.url)), "node_modules/@sparticuz/chromium/bin");

await mkdir(folder, { recursive: true });
for (const name of await readdir(packed)) {
  const file = path.join(folder, name.replace(/\.br$/, ""));
  await pipeline(createReadStream(path.join(packed, name)), createBrotliDecompress(), createWriteStream(file));
  if (file.endsWith(".tar")) {
    const { status } = spawnSync("tar", ["-xf", file, "-C", folder, "--no-same-owner"], { stdio: "inherit" });
    if (status !== 0) {
      throw new Error(`tar has not unpacked ${file}`);
    }
    await rm(file);
  }
}

// The package expects its fonts where AWS Lambda has them.
const fonts = path.join(folder, "fonts.conf");
const settings = (await readFile(fonts, "utf8"))
  .replace(/<dir>.*<\/dir>/gs, '<dir prefix="relative">fonts</dir>')
  .replace(/<cachedir>.*<\/cachedir>/, '<cachedir prefix="xdg">fontconfig</cachedir>');
await writeFile(fonts, settings);

await rename(path.join(folder, "chromium"), path.join(folder, "headless-shell"));
const script = `#!/usr/bin/env bash
here=$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)
export LD_LIBRARY_PATH=$here/lib:$here FONTCONFIG_PATH=$here
exec "$here/headless-shell" "$@"
`;
await writeFile(path.join(folder, "chromium"), script, { mode: executable });
const { status } = spawnSync("chmod", ["+x", path.join(folder, "headless-shell")], { stdio: "inherit" });
if (status !== 0) {
  throw new Error("chmod has failed");
}
