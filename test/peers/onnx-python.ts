import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from '../bench/peers/python.ts';

/** The interpreter of an environment with onnxruntime, ale-py and ONNX' own checker, made when first asked for. */
export function onnxPython(): Promise<string> {
  const requirements = fileURLToPath(new URL('onnx-requirements.txt', import.meta.url));
  return pythonEnvironment(
    { name: 'onnx', minorVersion: 11, requirements, bare: [] },
    { say: () => undefined, signal: new AbortController().signal },
  );
}
