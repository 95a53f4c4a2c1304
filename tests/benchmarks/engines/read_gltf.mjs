// What Khronos' validator says of binary glTFs, and three-vrm of VRM animations: one JSON a line.
// npm install gltf-validator three @pixiv/three-vrm-animation @pixiv/three-vrm
import fs from "node:fs";
import validator from "gltf-validator";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { VRMAnimationLoaderPlugin } from "@pixiv/three-vrm-animation";

globalThis.self = globalThis;
for (const path of process.argv.slice(2)) {
  const bytes = new Uint8Array(fs.readFileSync(path));
  const { issues, info } = await validator.validateBytes(bytes);
  const found = { errors: issues.numErrors, warnings: issues.numWarnings, clips: info.animationCount };
  if (path.endsWith(".vrma")) {
    const loader = new GLTFLoader();
    loader.register((parser) => new VRMAnimationLoaderPlugin(parser));
    const file = await new Promise((done, failed) => loader.parse(bytes.buffer, "", done, failed));
    const [animation] = file.userData.vrmAnimations;
    found.seconds = animation.duration;
    found.bones = animation.humanoidTracks.rotation.size;
    found.hips = animation.restHipsPosition.toArray();
  }
  console.log(JSON.stringify(found));
}
