import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow, tensorFlow, tensorflowVersion } from '../../../agents/kernels/backend.ts';
import { describeKernels, selectKernels } from '../../../agents/kernels/index.ts';
import { instructionSet } from '../../../agents/kernels/native/index.ts';

describe("TensorFlow with this repository's operations", () => {
  before(() => loadTensorFlow({ threads: 2 }));

  test('is loaded, once', async () => {
    await loadTensorFlow({ threads: 2 });
    assert.equal(tf.getBackend(), 'tensorflow');
    assert.match(tensorflowVersion(), /^2\.\d+\.\d+/);
  });

  test('refuses a GPU that TensorFlow does not see in one line', async (t) => {
    if ((tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice) return t.skip('there is one');
    await assert.rejects(loadTensorFlow({ device: 'gpu' }), /^UserError: --device gpu: TensorFlow sees no GPU [^\n]+$/);
  });

  test('has the native operations, and chooses them', () => {
    assert.match(instructionSet() ?? 'none', /^(baseline|avx2|avx512|avx512bf16)$/);
    assert.equal(selectKernels('auto').name, 'native');
    assert.equal(selectKernels('native').name, 'native');
    assert.equal(selectKernels('portable').name, 'portable');
  });

  test('goes on with portable operations where it was built without ours, and says so', (t) => {
    t.mock.method(tensorFlow(), 'executeSingleOutput', (name: string) => {
      throw new Error(`Op type not registered '${name}'`);
    });
    assert.equal(instructionSet(), undefined);
    const kernels = selectKernels('auto');
    assert.equal(describeKernels(kernels), 'portable');
    assert.throws(() => selectKernels('native'), /^UserError: native kernels were asked for, but [^\n]+$/);
  });
});
