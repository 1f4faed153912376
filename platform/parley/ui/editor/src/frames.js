// Binary frames of the section's socket: the channel's number, then one message of the y-protocols.
import { createDecoder, readVarUint, readVarUint8Array } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from "lib0/encoding";

const SYNC = 0;
const AWARENESS = 1;
const ACKNOWLEDGED = 100;
const STEP1 = 0;
const STEP2 = 1;
const UPDATE = 2;

const syncStep = { ask: STEP1, answer: STEP2, update: UPDATE };
const stepNamed = Object.fromEntries(Object.entries(syncStep).map(([name, number]) => [number, name]));

// `kind`: "ask" (a state vector), "answer" or "update" (an update), "awareness".
export function frame(channel, kind, bytes) {
  const encoder = createEncoder();
  writeVarUint(encoder, channel);
  if (kind === "awareness") writeVarUint(encoder, AWARENESS);
  else {
    writeVarUint(encoder, SYNC);
    writeVarUint(encoder, syncStep[kind]);
  }
  writeVarUint8Array(encoder, bytes);
  return toUint8Array(encoder);
}

export function acknowledgement(channel, count) {
  const encoder = createEncoder();
  for (const number of [channel, ACKNOWLEDGED, count]) writeVarUint(encoder, number);
  return toUint8Array(encoder);
}

// { channel, kind, bytes } or { channel, kind: "acknowledged", count }; kind undefined for what is not known.
export function read(data) {
  const decoder = createDecoder(new Uint8Array(data));
  const channel = readVarUint(decoder);
  const message = readVarUint(decoder);
  if (message === ACKNOWLEDGED) return { channel, kind: "acknowledged", count: readVarUint(decoder) };
  if (message === AWARENESS) return { channel, kind: "awareness", bytes: readVarUint8Array(decoder) };
  if (message !== SYNC) return { channel };
  return { channel, kind: stepNamed[readVarUint(decoder)], bytes: readVarUint8Array(decoder) };
}
