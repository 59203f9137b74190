// Photos as they come from a phone: upright, small enough, without the place they were taken at.

const LONGEST = 2048;
const LARGEST = 20 * 2 ** 20;
const QUALITY = 0.85;

// HEIC and its kin, which most browsers cannot draw; the server can.
async function isHeif(file) {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head.slice(4, 12));
  return text.startsWith("ftyp") && /hei|hev|mif|msf/.test(text);
}

const stem = (name) => name.replace(/\.[^.]*$/, "") || "photo";

async function drawn(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
}

// {name, type, bytes}, or {problem}: not_a_photo, too_large.
export async function prepare(file) {
  let blob;
  try {
    blob = await drawn(file);
  } catch {
    blob = null;
  }
  if (blob) return { name: `${stem(file.name)}.jpg`, type: "image/jpeg", bytes: await blob.arrayBuffer() };
  if (!(await isHeif(file))) return { problem: "not_a_photo" };
  if (file.size > LARGEST) return { problem: "too_large" };
  return { name: file.name, type: file.type || "image/heic", bytes: await file.arrayBuffer() };
}
