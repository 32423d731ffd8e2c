import proto from 'onnx-proto';
import { sha256Of } from '../bundle/hash.ts';

/** A model's file with its hash behind it: protobuf reads what stands behind a message as more of its fields. */
export function sealed(model: Uint8Array): Uint8Array {
  const seal = sealOf(model);
  const file = new Uint8Array(model.length + seal.length);
  file.set(model);
  file.set(seal, model.length);
  return file;
}

/** Whether a file ends with the hash of all that stands before it: no bit is another than was written. */
export function isSealed(file: Uint8Array): boolean {
  const model = file.subarray(0, Math.max(file.length - sealBytes, 0));
  const seal = file.subarray(model.length);
  return seal.length === sealBytes && sealOf(model).every((byte, i) => byte === seal[i]);
}

function sealOf(model: Uint8Array): Uint8Array {
  return property(sha256Of(model));
}

/** The last property of the metadata: SHA-256, in hexadecimal, of all bytes of the file before it. */
function property(fileSha256: string): Uint8Array {
  return proto.onnx.ModelProto.encode({ metadataProps: [{ key: 'fileSha256', value: fileSha256 }] }).finish();
}

const sealBytes = property('0'.repeat(64)).length;
